/*
 * What to measure. A specification is obtained only from text: either it is
 * complete and valid, or there is a complaint that says why not. And the order:
 * in each block every measurement once, shuffled, so that a machine that slows
 * down slows all of them down alike.
 */
#ifndef HARNESS_IPC_SPEC_H
#define HARNESS_IPC_SPEC_H

#include "harness/base/complaint.h"
#include "harness/base/random.h"
#include "harness/ipc/measure.h"

enum {
	IPC_CHANNELS_MAX = 32,
	IPC_SIZES_MAX = 64,
	IPC_TIME_MAX_MS = 600000,
	IPC_TRIALS_MAX = 1000000,
};

struct ipc_spec {
	const struct ipc_channel *channels[IPC_CHANNELS_MAX]; /* each once */
	size_t channels_count;
	unsigned bytes[IPC_SIZES_MAX]; /* each once, upwards */
	size_t bytes_count;
	uint64_t time_ns; /* of one measurement */
	unsigned trials;  /* of each, that is blocks */
	const char *pin;  /* "spread" or "same" */
	unsigned cpu[2];  /* of the sender and the receiver */
	uint64_t seed;
};

/* The same as text, as a user types it; NULL where nothing was said. */
struct ipc_text {
	const char *const *channels;
	size_t channels_count; /* 0: all */
	const char *sizes, *time_ms, *trials, *pin, *seed;
};

/*
 * Fills in SPEC. What TEXT leaves out: every channel, messages from a byte to a
 * megabyte, 50 ms, 7 trials, spread, a seed from the kernel. Returns 0, or
 * -errno with a complaint.
 */
int ipc_spec_parse(struct ipc_spec *spec, const struct ipc_text *text,
                   struct complaint *complaint);

struct ipc_plan {
	const struct ipc_spec *spec;
	struct random random;
	size_t next;
	unsigned order[IPC_CHANNELS_MAX * IPC_SIZES_MAX * 2];
};

struct ipc_plan_item {
	struct ipc_order order;
	unsigned number, block; /* both from 1 */
	bool first_of_block;
};

void ipc_plan_begin(struct ipc_plan *plan, const struct ipc_spec *spec);

/* False where there is no more. */
bool ipc_plan_next(struct ipc_plan *plan, struct ipc_plan_item *item);

/* How many there are in all. */
size_t ipc_plan_size(const struct ipc_plan *plan);

#endif
