/*
 * SIGINT, SIGTERM and SIGHUP while trials run: held back, and read from a
 * descriptor, so that a trial can end in good order. After the first one they
 * act as usual again: a second one ends the program at once.
 */
#ifndef HARNESS_BASE_SIGNALS_H
#define HARNESS_BASE_SIGNALS_H

#include <signal.h>

struct signals {
	int fd;     /* a signalfd; -1 before signals_hold */
	int caught; /* the first signal that came, or 0 */
	sigset_t before;
};

/* Returns 0 or -errno. signals_release copes with both. */
int signals_hold(struct signals *signals);

/* Takes one signal, if one has come, into CAUGHT. Does not wait. */
void signals_take(struct signals *signals);

/* Restores what was before signals_hold. */
void signals_release(struct signals *signals);

#endif
