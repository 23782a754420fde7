/*
 * The records of `racelab ipc`, as docs/records.md describes them: a run as
 * any other, and for each measurement a message. The same struct is what was
 * measured and what was read.
 */
#ifndef HARNESS_RECORD_MESSAGE_H
#define HARNESS_RECORD_MESSAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/complaint.h"
#include "harness/record/host.h"

enum { MESSAGE_NAME = 65, MESSAGE_FATE = 48 };

/* ALONE is the control: what one process writes and checks without a channel. */
enum message_mode { MESSAGE_LATENCY, MESSAGE_THROUGHPUT, MESSAGE_ALONE };

struct message {
	unsigned trial, block;      /* from 1 */
	char channel[MESSAGE_NAME]; /* of ALONE, "none" */
	uint64_t bytes;
	enum message_mode mode;
	bool valid;              /* else only fate says something */
	char fate[MESSAGE_FATE]; /* "finished", or why it is not valid */
	/* Of ALONE, all counts are 0 here, and null in a record. */
	uint64_t messages; /* that were timed; of latency, round trips */
	uint64_t pieces;   /* of each */
	uint64_t elapsed_ns;
	/* One way, in ns; NAN: not known, or of the other mode. */
	double p50, p90, p99, p999, max;
	double mb_per_s, messages_per_s;         /* the same */
	uint64_t cpu_ns, voluntary, involuntary; /* of both sides */
};

/* What a run was asked to do, in the terms of its command line. */
struct message_spec {
	const char *const *channels;
	size_t channels_count;
	const unsigned *bytes;
	size_t bytes_count;
	uint64_t time_ns;
	unsigned trials;
	const char *pin;
	const unsigned *cpus; /* of the sender and the receiver */
	uint64_t seed;
};

/* Each gives a new reference, or NULL where memory ran out. */
json_t *record_message_run(const char *uuid, int64_t started,
                           const struct host *host,
                           const struct message_spec *spec);
json_t *record_message(const char *uuid, const struct message *message);

const char *message_mode_name(enum message_mode mode);

/*
 * Reads what record_message() made. Returns 0, or -EINVAL with a complaint
 * whose "why" says what is wrong.
 */
int message_read(struct message *message, const json_t *record,
                 struct complaint *complaint);

#endif
