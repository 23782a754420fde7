/*
 * Holds the models of blocking primitives against real processes.
 *
 * Random operations are carried out twice: by real workers, one at a time, and by
 * fibers whose calls go to the models. Who waits really must wait in the model,
 * and the other way round; who goes on must get what the model gives in one of its
 * ways, and the model then follows the real one. Now and then a worker is killed.
 *
 * What a test has to say is in struct twin_test. The Makefile links with --wrap,
 * so that models talk to the fibers here instead of the explorer.
 */
#ifndef TESTS_UNIT_TWIN_H
#define TESTS_UNIT_TWIN_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/random.h"
#include "harness/explore/model/kernel.h"

enum {
	TWIN_WORKERS = 4,
	TWIN_PARENT = TWIN_WORKERS, /* who forks them, after its own commands */
	TWIN_IDS = 8,
	TWIN_WORDS = 4,
	TWIN_BYTES = 64,
	TWIN_FOLDER = 200,
	TWIN_MADE = 64,
};

/* What the workers of one side share. */
struct twin_side {
	bool modelled;
	char folder[TWIN_FOLDER]; /* of its own; "/model" in the model */
	int ids[TWIN_IDS];        /* as act() wants, at first -1 */
	int made[TWIN_MADE];      /* what clean() removes, as act() wants */
	unsigned mades;
	int key; /* it and those after it name nobody else's objects */
	uint32_t words[TWIN_WORDS];
	unsigned deaths; /* how many workers were killed */
};

struct twin_command {
	int what;
	bool prompt; /* it ends by itself, by a time limit that is over */
	int args[5];
	unsigned char data[TWIN_BYTES];
};

/* All zero before act() fills it in. What it leaves is compared. */
struct twin_reply {
	int64_t result;
	int err;
	unsigned char data[TWIN_BYTES];
};

/* The function of libc, or its front, as SIDE wants. */
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a name takes no parentheses */
#define TWIN(side, name) ((side)->modelled ? explored_##name : (name))

struct twin_test {
	/* The operation, on either side. Marked ON_FIBER. */
	void (*act)(struct twin_side *side, const struct twin_command *command,
	            struct twin_reply *reply);
	/* What worker does next; the same for the same numbers. */
	void (*draw)(struct random *random, unsigned worker,
	             struct twin_command *command);
	/* The parent's commands before the workers are forked. */
	const struct twin_command *setup;
	unsigned setups;
	/* Removes what the real side has made, whatever that is. May be NULL. */
	void (*clean)(const struct twin_side *real);
};

/* NULL, or what is wrong, in static storage. */
const char *twin_compare(const struct twin_test *test, unsigned sequences);

/*
 * Whether the model is the same bytes after one worker has carried out the
 * commands a second time: they undo what they do. NULL, or what is wrong.
 */
const char *twin_returns(const struct twin_test *test,
                         const struct twin_command *todo, unsigned count);

/* What a front returned, and errno if that was -1. */
static inline ON_FIBER void twin_answer(struct twin_reply *reply,
                                        int64_t result, int err)
{
	reply->result = result;
	reply->err = result == -1 ? err : 0;
}

#endif
