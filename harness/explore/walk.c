/*
 * One execution after another, each with choices drawn at random: for what is
 * too large to be searched. The same seed draws the same executions.
 *
 * random  every move that is possible is as likely as the others
 * pct     workers have priorities, and the highest runs; at depth - 1 moments,
 *         drawn beforehand, who would run falls below all others. With n workers
 *         and k steps an execution shows a bug of that depth with a probability
 *         of at least 1/(n k^(depth - 1)) (Burckhardt, Kothari, Musuvathi,
 *         Nagarakatte: A Randomized Scheduler with Probabilistic Guarantees of
 *         Finding Bugs, ASPLOS 2010)
 * pos     each operation that is waiting has a random priority, and the highest
 *         is done; those that conflict with it draw again (Yuan, Yang, Gu:
 *         Partial Order Aware Concurrency Sampling, CAV 2018)
 *
 * A store buffer is a worker of its own here, whose steps are its flushes.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/random.h"
#include "harness/explore/search.h"
#include "harness/explore/shorten.h"
#include "harness/explore/start.h"
#include "harness/explore/trail.h"

enum {
	LONGEST = 20000, /* moves of one execution */
	ACTORS = 2 * MODEL_WORKERS,
	CHANGES_MAX = 16, /* of priorities */
};

struct walk {
	struct search *search;
	struct random random;
	struct trail trail;
	struct start start;
	bool waiting[MODEL_WORKERS]; /* spinning, and nothing has changed */
	uint64_t priority[ACTORS];
	size_t change[CHANGES_MAX]; /* at which steps */
	size_t longest;             /* execution so far */
};

static unsigned actor_of(struct move move)
{
	return move.way == WAY_FLUSH ? move.worker + 0u + MODEL_WORKERS
	                             : move.worker;
}

/* --- who is next */

static void draw_priorities(struct walk *walk)
{
	const struct explore_spec *spec = walk->search->spec;

	/* The upper half is for those that have not been lowered. */
	for (unsigned i = 0; i < ACTORS; i++)
		walk->priority[i] = random_next(&walk->random) | UINT64_C(1)
		                                                         << 63;
	for (unsigned i = 0; i + 1 < spec->depth && i < CHANGES_MAX; i++)
		walk->change[i] = random_below(
		        &walk->random, walk->longest ? walk->longest : 1);
}

static unsigned highest(const struct walk *walk, const struct move *moves,
                        unsigned count)
{
	unsigned best = 0;

	for (unsigned i = 1; i < count; i++) {
		if (walk->priority[actor_of(moves[i])] >
		    walk->priority[actor_of(moves[best])])
			best = i;
	}
	return best;
}

static void lower_at_changes(struct walk *walk, const struct move *moves,
                             unsigned count)
{
	unsigned changes = walk->search->spec->depth - 1;

	for (unsigned i = 0; i < changes && i < CHANGES_MAX; i++) {
		if (walk->change[i] == trail_length(&walk->trail))
			walk->priority[actor_of(
			        moves[highest(walk, moves, count)])] =
			        CHANGES_MAX - i;
	}
}

/* Of the moves of the same actor, any. */
static struct move any_way(struct walk *walk, const struct move *moves,
                           unsigned count, unsigned best)
{
	unsigned actor = actor_of(moves[best]), same = 0, nth;

	for (unsigned i = 0; i < count; i++)
		same += actor_of(moves[i]) == actor;
	nth = (unsigned)random_below(&walk->random, same);
	for (unsigned i = 0;; i++) {
		if (actor_of(moves[i]) == actor && nth-- == 0)
			return moves[i];
	}
}

static bool conflicts(const struct op *a, const struct op *b)
{
	const unsigned char *at = a->address, *bt = b->address;

	if (a->kind == OP_CALL || b->kind == OP_CALL)
		return a->kind == b->kind && a->args[0] == b->args[0];
	return at < bt + b->size && bt < at + a->size &&
	       (a->kind != OP_LOAD || b->kind != OP_LOAD);
}

/* Who conflicts with what is done now draws a new priority, as does who does it. */
static void draw_again(struct walk *walk, struct move done)
{
	const struct machine *machine = walk->search->machine;
	const struct op *op = &machine->workers[done.worker].now.op;

	for (unsigned i = 0; i < machine->spec.workers; i++) {
		if (i != done.worker &&
		    conflicts(op, &machine->workers[i].now.op))
			walk->priority[i] = random_next(&walk->random);
	}
	walk->priority[actor_of(done)] = random_next(&walk->random);
}

static struct move choose(struct walk *walk, const struct move *moves,
                          unsigned count)
{
	enum search_kind kind = walk->search->spec->search;
	struct move move;

	if (kind == SEARCH_RANDOM)
		return moves[random_below(&walk->random, count)];
	if (kind == SEARCH_PCT)
		lower_at_changes(walk, moves, count);
	move = any_way(walk, moves, count, highest(walk, moves, count));
	if (kind != SEARCH_PCT)
		draw_again(walk, move);
	return move;
}

/* --- one execution */

/* Leaves out who spins in vain; returns how many moves are left. */
static unsigned sift(const struct walk *walk, struct move *moves,
                     unsigned count)
{
	unsigned left = 0;

	for (unsigned i = 0; i < count; i++) {
		if (!walk->waiting[moves[i].worker] ||
		    moves[i].way == WAY_FLUSH)
			moves[left++] = moves[i];
	}
	return left;
}

static void note_waiting(struct walk *walk, struct move move)
{
	const struct trail *trail = &walk->trail;

	if (!trail_at(trail, trail_length(trail) - 1)->pure)
		memset(walk->waiting, 0, sizeof(walk->waiting));
	else if (trail_round(trail, walk->search->machine) == ROUND_VAIN)
		walk->waiting[move.worker] = true;
}

/* Returns the number of the outcome; NODE_INNER: it was cut short. */
static uint16_t execute(struct walk *walk)
{
	struct search *search = walk->search;
	struct move moves[MACHINE_MOVES], move;
	bool waits;

	memset(walk->waiting, 0, sizeof(walk->waiting));
	draw_priorities(walk);
	for (;;) {
		unsigned all = machine_moves(search->machine, moves);
		unsigned count = sift(walk, moves, all);

		if (count == 0) {
			waits = !machine_ended(search->machine);
			return search_end(search, waits, all > 0);
		}
		search_races(search);
		move = choose(walk, moves, count);
		if (search_is_over(search) ||
		    trail_length(&walk->trail) > LONGEST ||
		    !trail_move(&walk->trail, search->machine, move))
			return NODE_INNER;
		search->verdict->steps++;
		note_waiting(walk, move);
	}
}

/* --- all executions */

/* The end of one execution, and what is new about it. */
static void note_end(struct walk *walk, uint16_t outcome)
{
	struct verdict *verdict = walk->search->verdict;
	size_t length = trail_length(&walk->trail);
	struct move *moves;

	if (length > walk->longest)
		walk->longest = length;
	if (verdict->outcome[outcome].moves ||
	    verdict->outcome[outcome].kind == VERDICT_EXACT)
		return;
	moves = calloc(length + 1, sizeof(*moves));
	for (size_t i = 0; moves && i < length; i++)
		moves[i] = trail_at(&walk->trail, i)->move;
	if (moves)
		shorten(walk->search, &walk->start, moves, length, outcome);
	free(moves);
}

static void describe_sample(const struct walk *walk)
{
	struct verdict *verdict = walk->search->verdict;
	const struct explore_spec *spec = walk->search->spec;
	double actors = spec->machine.workers *
	                (spec->machine.memory == MEMORY_TSO ? 2.0 : 1.0);
	double least =
	        1 / (actors * pow((double)walk->longest, spec->depth - 1.0));
	double all = 1 - pow(1 - least, (double)verdict->executions);

	if (spec->search != SEARCH_PCT) {
		(void)snprintf(verdict->coverage, sizeof(verdict->coverage),
		               "a sample, no proof");
		return;
	}
	(void)snprintf(verdict->coverage, sizeof(verdict->coverage),
	               "a sample: a bug of depth %u shows in an execution with "
	               "probability 1/(%.0f x %zu^%u) = %.2g or more, in %llu "
	               "of them with %s%.2g",
	               spec->depth, actors, walk->longest, spec->depth - 1,
	               least, (unsigned long long)verdict->executions,
	               all > 0.99 ? "more than " : "at least ",
	               all > 0.99 ? 0.99 : all);
}

/* Whether another execution is wanted. */
static bool goes_on(const struct walk *walk)
{
	const struct search *search = walk->search;

	return !search->verdict->cut &&
	       search->verdict->executions < search->spec->executions &&
	       (search->spec->outcomes || !verdict_worst(search->verdict));
}

void search_walk(struct search *search)
{
	struct walk walk = { .search = search,
		             .random = { .state = search->spec->seed },
		             .trail = { .budget = &search->budget } };

	if (!start_save(&walk.start, search->machine, &search->budget))
		search->verdict->cut = true;
	while (goes_on(&walk)) {
		uint16_t outcome = execute(&walk);

		search->verdict->executions++;
		if (outcome != NODE_INNER)
			note_end(&walk, outcome);
		start_restore(&walk.start);
		walk.trail.steps.used = 0;
	}
	describe_sample(&walk);
	pile_free(&walk.trail.steps, &search->budget);
	start_free(&walk.start);
}
