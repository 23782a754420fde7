/*
 * The workers of one trial as the parent sees them: forked, watched, killed if
 * need be, and reaped. A worker is a process, or one of the threads of a single
 * process; a thread cannot be killed without all the others. Whatever was
 * started is reaped by crew_end.
 */
#ifndef HARNESS_RUN_CREW_H
#define HARNESS_RUN_CREW_H

#include <stdbool.h>
#include <sys/types.h>

#include "harness/run/result.h"

/* A process. */
struct crew_member {
	pid_t pid;  /* 0 once reaped */
	int pidfd;  /* -1: none */
	int status; /* as of waitpid(2), once reaped */
};

struct crew {
	unsigned workers;
	bool threads;                  /* all in one process */
	unsigned size, started, alive; /* processes */
	int poll; /* epoll of all pidfds and the signals' descriptor */
	struct crew_member *member;
	/* What we found out of each worker before we killed it; FATE_FINISHED:
	   nothing. */
	enum fate *verdict;
};

/*
 * Makes room for WORKERS, as processes or as threads; SIGNALS is a signalfd that
 * crew_wait looks at too, or -1. Returns 0 or -errno; crew_end copes with
 * whatever was reached.
 */
int crew_begin(struct crew *crew, unsigned workers, bool threads, int signals);

/* Forks the next process. Returns 0 or -errno. */
int crew_fork(struct crew *crew, void (*body)(void *), void *argument);

/* Once all are forked: watches them. Returns 0 or -errno. */
int crew_watch(struct crew *crew);

enum crew_event {
	CREW_TIMEOUT,
	CREW_ENDED,  /* a process ended and was reaped: *which */
	CREW_SIGNAL, /* a signal came for us */
};

/* Sleeps until something happens, at most TIMEOUT_MS. Returns an event or
   -errno. */
int crew_wait(struct crew *crew, int timeout_ms, unsigned *which);

/* The process of a worker. */
struct crew_member *crew_member_of(const struct crew *crew, unsigned worker);

/* Kills a worker that is still there; its fate will be VERDICT. */
void crew_kill(struct crew *crew, unsigned worker, enum fate verdict);

/* Kills and reaps all that are left, as VERDICT where they had none. */
void crew_kill_all(struct crew *crew, enum fate verdict);

/* Kills and reaps all that are left and frees what crew_begin took. */
void crew_end(struct crew *crew);

#endif
