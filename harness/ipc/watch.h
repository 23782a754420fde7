/*
 * Two processes that talk, as their parent sees them. A peer that died cannot
 * be waited for in shared memory, and one that is stuck nowhere: so as soon as
 * one ends badly, or nothing moves, both are ended.
 */
#ifndef HARNESS_IPC_WATCH_H
#define HARNESS_IPC_WATCH_H

#include <sys/types.h>

#include "harness/base/process.h"
#include "harness/base/signals.h"
#include "harness/ipc/talk.h"

/* Why we ended a process, or that we did not. */
enum watch_verdict {
	WATCH_NONE,
	WATCH_ABANDONED, /* because of the other one */
	WATCH_STOPPED,   /* somebody had stopped it */
	WATCH_ASLEEP,    /* in a wait that nobody would end */
	WATCH_SPINNING,  /* it used processor time, and nothing came of it */
};

struct watch_one {
	pid_t pid;  /* 0: not there, or reaped */
	int pidfd;  /* -1: none */
	int status; /* as of waitpid(2), once reaped */
	enum watch_verdict verdict;
	struct process_peek last;
	uint64_t cpu_ns;          /* when something was last seen to move */
	unsigned asleep, stopped; /* looks in a row */
};

struct watch {
	const struct talk *talk;
	struct watch_one one[2]; /* IPC_SENDER, IPC_RECEIVER */
	uint64_t progress;
};

/* Forks both. Returns 0 or -errno; watch_end copes with both. */
int watch_begin(struct watch *watch, struct talk *talk);

/* Until both are reaped. Returns 0, -EINTR where a signal came, or -errno. */
int watch_all(struct watch *watch, struct signals *signals);

/* Kills and reaps what is left. */
void watch_end(struct watch *watch);

#endif
