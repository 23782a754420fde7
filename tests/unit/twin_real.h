/*
 * The real side of a twin: a parent that makes workers, each of which carries out
 * the commands it is sent.
 *
 * That a worker waits is seen from outside: it has entered the operation, sent no
 * reply, and sleeps. Nothing here waits for a time to pass.
 */
#ifndef TESTS_UNIT_TWIN_REAL_H
#define TESTS_UNIT_TWIN_REAL_H

#include "twin.h"

enum real_state {
	REAL_IDLE,
	REAL_REPLIED,
	REAL_ASLEEP,
	REAL_DEAD,
	REAL_LOST, /* it neither replies nor sleeps */
};

/* Makes the parent and lets it carry out the commands of setup. REAL is in shared
 * memory. Returns 0 or -errno. */
int real_begin(const struct twin_test *test, struct twin_side *real,
               struct twin_reply *replies);

/* Forks the workers. */
int real_fork(void);

void real_send(unsigned worker, const struct twin_command *command);

/* Waits until it has replied, or sleeps where the operation is not PROMPT. */
enum real_state real_wait(unsigned worker, bool prompt,
                          struct twin_reply *reply);

/* Returns when it is gone and all that it had is closed. */
void real_kill(unsigned worker);

/* Kills and reaps who is left. */
void real_end(void);

#endif
