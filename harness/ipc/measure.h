/*
 * Measuring channels: two processes are forked, watched, and reaped.
 *
 *	struct ipc ipc;
 *
 *	err = ipc_begin(&ipc, &complaint);
 *	while (!err && ...)
 *		err = ipc_measure(&ipc, &order, &result, &complaint);
 *	ipc_end(&ipc);
 *
 * One at a time in a process, from one thread. Ctrl-C is held back from
 * ipc_begin to ipc_end; whatever becomes of us, killed included, what a channel
 * has made is removed by a janitor, and neither process outlives us.
 */
#ifndef HARNESS_IPC_MEASURE_H
#define HARNESS_IPC_MEASURE_H

#include "harness/base/arena.h"
#include "harness/base/complaint.h"
#include "harness/base/janitor.h"
#include "harness/base/signals.h"
#include "harness/ipc/talk.h"

enum { IPC_BYTES_MAX = 16777216 };

struct ipc {
	struct arena arena;
	struct janitor janitor;
	struct signals signals;
};

/* One measurement to make. */
struct ipc_order {
	const struct ipc_channel *channel;
	enum ipc_mode mode;
	size_t bytes; /* of each message, from 1 to IPC_BYTES_MAX */
	uint64_t time_ns;
	int cpu[2]; /* of the sender and the receiver; -1: not bound */
};

/* Room for how it ended. */
enum { IPC_FATE = 48 };

struct ipc_result {
	bool valid;          /* it ended well; else only fate is set */
	char fate[IPC_FATE]; /* "finished", "damaged", "killed by SIGKILL" */
	uint64_t messages;   /* that were timed; of LATENCY, round trips */
	size_t pieces;       /* of each message */
	uint64_t elapsed_ns;
	/* LATENCY: half a round trip, in ns; NAN where there were too few. */
	double p50, p90, p99, p999, max;
	/* THROUGHPUT: million bytes, and messages, a second. */
	double mb_per_s, messages_per_s;
	/* Both sides together, while time ran. */
	uint64_t cpu_ns, voluntary, involuntary;
};

/* Returns 0, or -errno with a complaint. ipc_end copes with both. */
int ipc_begin(struct ipc *ipc, struct complaint *complaint);
void ipc_end(struct ipc *ipc);

/*
 * Makes one measurement. Returns
 *	0	both are gone; where the result is not valid, the complaint
 *		says what went wrong
 *	-EINTR	a signal came (ipc->signals.caught); no result
 *	-errno	the channel cannot be made, with a complaint: see
 *		ipc_impossible_here
 * None of them waits for longer than a process that does not get on is left
 * alone: a few seconds.
 */
int ipc_measure(struct ipc *ipc, const struct ipc_order *order,
                struct ipc_result *result, struct complaint *complaint);

/* Whether an error means "not possible on this machine". */
bool ipc_impossible_here(int err);

#endif
