/*
 * The explorer: tries what schedules there are of a target, and says what it
 * found, what it covered, and how to see it again.
 *
 *	explore_spec -> explore_run -> verdict
 *
 * The search runs in a child process with limits. Whatever the target does to
 * itself, the caller gets a verdict.
 */
#ifndef HARNESS_EXPLORE_EXPLORE_H
#define HARNESS_EXPLORE_EXPLORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/complaint.h"
#include "harness/base/count.h"
#include "harness/explore/machine.h"

enum search_kind {
	SEARCH_ALL,    /* every state, once */
	SEARCH_EVERY,  /* every execution, one by one */
	SEARCH_RANDOM, /* the next worker is drawn uniformly */
	SEARCH_PCT,    /* Burckhardt et al., ASPLOS 2010 */
	SEARCH_POS,    /* Yuan, Yang, Gu, CAV 2018 */
};

enum {
	EXPLORE_ANY = -1, /* preemptions: as many as there are */
	EXPLORE_OUTCOMES = 4096,
	EXPLORE_MOVES = 1 << 18,
	EXPLORE_TEXT = 1 << 18,
	EXPLORE_RACES = 32,
};

struct explore_spec {
	struct machine_spec machine; /* workers 0: as many as the target says */
	enum search_kind search;
	int preemptions; /* at most so many; EXPLORE_ANY */
	unsigned depth;  /* of bugs that PCT looks for */
	uint64_t seed;
	uint64_t executions; /* at most so many, of a search that samples */
	double max_seconds;
	size_t max_bytes;
	bool outcomes; /* all of them are wanted, and how often */
};

enum verdict_kind {
	VERDICT_EXACT, /* or: check had nothing to say */
	VERDICT_CRASH,
	VERDICT_VIOLATES,
	VERDICT_LOST_UPDATE,
	VERDICT_DEADLOCK,
	VERDICT_LIVELOCK,
	VERDICT_UNFINISHED,
};

/* "exact", "lost-update" ... */
const char *verdict_name(enum verdict_kind kind);

/* One way in which executions end. */
struct outcome {
	enum verdict_kind kind;
	uint64_t total; /* of a strategy, where the execution came to its end */
	size_t pc; /* where it stopped, from the text's start; 0: unknown */
	char message[192]; /* what is wrong; empty where nothing is */

	/* Where the search is complete and no execution is endless. */
	struct count interleavings;
	double p_interleavings, p_scheduler; /* NAN where not known */
	uint64_t seen; /* executions that were run and ended so */

	/* A schedule that leads there, with the fewest preemptions. */
	size_t first,
	        moves; /* in the verdict's list; no moves: none is known */
	unsigned preemptions;
	size_t text; /* the schedule as text, in the verdict's; 0: none */
	uint32_t digest;
};

/* Two accesses to the same memory at the same time, not both atomic, one a
 * store: where, from the text's start. */
struct race {
	size_t pc[2];
	size_t offset; /* in the shared memory */
};

struct verdict {
	struct adaptor_shape shape; /* of the target */
	unsigned workers;           /* that were explored */
	uint64_t increments;        /* of each; of a program 1 */

	enum verdict_kind kind;
	bool complete;      /* every schedule was covered */
	bool counted;       /* the outcomes' interleavings are known */
	bool cut;           /* a limit of time or memory was reached */
	char coverage[192]; /* what bounded it, or what a sample guarantees */
	char message[192];  /* what is wrong, or why it is unfinished */
	size_t pc;          /* where; 0: not known */
	uint64_t states, executions, steps;
	double seconds;

	size_t outcomes, outcomes_left_out;
	struct outcome outcome[EXPLORE_OUTCOMES];

	size_t races;
	struct race race[EXPLORE_RACES];

	size_t moves; /* of all witnesses, one after another */
	struct move move[EXPLORE_MOVES];
	size_t text_used;
	char text[EXPLORE_TEXT]; /* the same as texts; the first is empty */
};

/*
 * Explores the shared object of a target. The verdict is the caller's to
 * release with verdict_free(). Returns NULL and fills in the complaint where
 * the object cannot be loaded or run (-EINVAL in *err), or a resource is missing.
 */
struct verdict *explore_run(const char *object, const struct explore_spec *spec,
                            int *err, struct complaint *complaint);

void verdict_free(struct verdict *verdict);

/*
 * The outcome that the verdict is about: of the worst kind the one with the
 * simplest witness. NULL where nothing is wrong.
 */
const struct outcome *verdict_worst(const struct verdict *verdict);

/* Whether A's witness is simpler than B's: preemptions first, then length. */
bool verdict_simpler(const struct outcome *a, const struct outcome *b);

#endif
