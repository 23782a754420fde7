/*
 * The workers of one trial as the parent sees them: forked, watched, killed if
 * need be, and reaped. Whatever was started is reaped by crew_end.
 */
#ifndef HARNESS_RUN_CREW_H
#define HARNESS_RUN_CREW_H

#include <stdbool.h>
#include <sys/types.h>

#include "harness/run/result.h"

struct crew_member {
	pid_t pid;  /* 0 once reaped */
	int pidfd;  /* -1: none */
	int status; /* as of waitpid(2), once reaped */
	/* What we found out before we killed it; FATE_FINISHED: nothing. */
	enum fate verdict;
};

struct crew {
	unsigned size, started, alive;
	int poll; /* epoll of all pidfds and the signals' descriptor */
	struct crew_member *member;
};

/*
 * Makes room for SIZE workers; SIGNALS is a signalfd that crew_wait looks at
 * too, or -1. Returns 0 or -errno; crew_end copes with whatever was reached.
 */
int crew_begin(struct crew *crew, unsigned size, int signals);

/* Forks the next worker. Returns 0 or -errno. */
int crew_fork(struct crew *crew, void (*body)(void *), void *argument);

/* Once all are forked: watches them. Returns 0 or -errno. */
int crew_watch(struct crew *crew);

enum crew_event {
	CREW_TIMEOUT,
	CREW_ENDED,  /* a worker ended and was reaped: *which */
	CREW_SIGNAL, /* a signal came for us */
};

/* Sleeps until something happens, at most TIMEOUT_MS. Returns an event or
   -errno. */
int crew_wait(struct crew *crew, int timeout_ms, unsigned *which);

/* Kills one that is still there; its fate will be VERDICT. */
void crew_kill(struct crew *crew, unsigned which, enum fate verdict);

/* Kills and reaps all that are left, as VERDICT where they had none. */
void crew_kill_all(struct crew *crew, enum fate verdict);

/* Kills and reaps all that are left and frees what crew_begin took. */
void crew_end(struct crew *crew);

#endif
