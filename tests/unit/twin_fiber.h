/*
 * The modelled side of a twin: fibers that run fronts, and the model they change.
 * All of it is one struct, so that a copy of it is a point to come back to.
 */
#ifndef TESTS_UNIT_TWIN_FIBER_H
#define TESTS_UNIT_TWIN_FIBER_H

#include "twin.h"

enum fiber_state {
	FIBER_IDLE,
	FIBER_POSTED, /* stands before op */
	FIBER_DONE,   /* with a reply */
	FIBER_DEAD,
};

enum {
	FIBER_STACK = 1 << 15,
	JUMP = 5, /* words, of __builtin_setjmp */
};

struct fiber {
	enum fiber_state state;
	struct op op;
	struct twin_command command;
	struct twin_reply reply;
	void *jump[JUMP]; /* where it goes on */
	_Alignas(16) unsigned char stack[FIBER_STACK];
};

struct world {
	struct model model;
	struct twin_side side;
	struct fiber fibers[TWIN_WORKERS + 1];
	unsigned current;    /* which of them runs, if one does */
	const char *refused; /* what is not modelled after all */
};

/* The one world there is. */
extern struct world world;

void world_reset(void);

/* Runs that worker's command up to its first call. */
void world_start(const struct twin_test *test, unsigned worker,
                 const struct twin_command *command);

/* In how many ways its call can go on. *wrong is set where looking changed the
 * model. */
unsigned world_ways(unsigned worker, const char **wrong);

/* Lets it go on in that way, up to its next call. */
void world_go(unsigned worker, unsigned way);

void world_kill(unsigned worker);

#endif
