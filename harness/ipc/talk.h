/*
 * The two processes of a measurement. One sends and the other receives; what
 * they report goes to their parent through shared memory.
 *
 * It begins with a few messages there and back, which are not timed: after them
 * both are surely at work, and whatever costs something only the first time has
 * been paid.
 *
 * Latency: a message goes there and back, again and again; the sender times
 * each round trip. It writes the message before and checks the echo after that,
 * so neither is in the time, and every byte has been checked both ways. (What the
 * way there spoils and the way back mends would go unseen; not so below.)
 *
 * Throughput: messages go there without a pause; the time runs from the first
 * send until a last message, of one byte, has come back. Here writing and
 * checking are in the time, the same for all channels: two processes that talk
 * have something to say and to understand.
 */
#ifndef HARNESS_IPC_TALK_H
#define HARNESS_IPC_TALK_H

#include "harness/ipc/ipc.h"
#include "harness/ipc/quantiles.h"

enum ipc_mode { IPC_LATENCY, IPC_THROUGHPUT };

/* What one side tells, on cache lines of its own. */
struct talk_side {
	_Alignas(128) uint64_t done;     /* messages sent, or received */
	uint64_t cpu_ns;                 /* of processor time, while time ran */
	uint64_t voluntary, involuntary; /* context switches, then */
	int err;                         /* what a call returned, or 0 */
	bool finished;                   /* all of the above is set */
	bool damaged;    /* a message was not what it should be: */
	uint64_t number; /* which, from 0, warming up included */
	size_t place;    /* of the first wrong byte */
	unsigned char wanted, got;
};

enum { TALK_WARM_UP, TALK_TIMED, TALK_PHASES };

/* In shared memory. Zero but for what is set here. */
struct talk {
	const struct ipc_channel *channel;
	enum ipc_mode mode;
	size_t bytes;     /* of each message */
	uint64_t time_ns; /* how long time runs */
	int cpu[2];       /* of each side; -1: wherever it is put */
	struct ipc_way *there, *back;

	/*
	 * How many messages a phase has, once that is decided; 0 before. Set
	 * before the last one is sent, so that who received it knows.
	 */
	_Alignas(128) uint64_t messages[TALK_PHASES];
	struct talk_side side[2]; /* IPC_SENDER, IPC_RECEIVER */
	uint64_t elapsed_ns;      /* of the timed phase */
	struct quantiles trips;   /* round trips */
};

/* The body of each process; ARGUMENT is the talk. */
void talk_send(void *argument);
void talk_receive(void *argument);

#endif
