/*
 * Depth first over executions, one by one: no state is remembered. For what is
 * small enough, and to hold search_all() against.
 */
#include <stdio.h>
#include <stdlib.h>

#include "harness/explore/search.h"
#include "harness/explore/shorten.h"
#include "harness/explore/start.h"
#include "harness/explore/trail.h"

enum { LONGEST = 20000 }; /* moves of one execution */

struct level {
	struct move moves[MACHINE_MOVES];
	unsigned count, next;
	size_t tape; /* where it ended before the last move from here */
	bool saved;  /* that move is to be taken back */
	bool vain;   /* all moves so far were waits in vain, or wake-ups for no
	              * reason */
};

struct enumeration {
	struct search *search;
	struct trail trail;
	struct pile levels, tape;
	bool whole;
};

static struct level *top(const struct enumeration *all)
{
	return (struct level *)(void *)(all->levels.bytes + all->levels.used) -
	       1;
}

/* The first way to an outcome is kept, to be shortened in the end. */
static void note_end(struct enumeration *all, uint16_t outcome)
{
	struct verdict *verdict = all->search->verdict;
	size_t length = trail_length(&all->trail);
	struct move *moves;

	if (verdict->outcome[outcome].moves)
		return;
	moves = calloc(length + 1, sizeof(*moves));
	for (size_t i = 0; moves && i < length; i++)
		moves[i] = trail_at(&all->trail, i)->move;
	if (moves)
		search_set_witness(verdict, outcome, moves, length, UINT32_MAX);
	free(moves);
}

static bool enter(struct enumeration *all)
{
	struct search *search = all->search;
	struct level *level;

	if (trail_length(&all->trail) > LONGEST) {
		(void)snprintf(search->verdict->coverage,
		               sizeof(search->verdict->coverage),
		               "up to an execution of more than %d moves",
		               LONGEST);
		return false;
	}
	if (!pile_reserve(&all->levels, &search->budget, sizeof(*level)))
		return false;
	level = pile_push(&all->levels, sizeof(*level));
	level->count = machine_moves(search->machine, level->moves);
	level->next = 0;
	level->saved = false;
	level->vain = true;
	if (level->count == 0)
		note_end(all,
		         search_end(search, !machine_ended(search->machine),
		                    false));
	return true;
}

/*
 * Where the worker that moved last makes the only move there is, taking back
 * its last move takes back this one, too.
 */
static bool needs_save(const struct enumeration *all, const struct level *level)
{
	size_t length = trail_length(&all->trail);

	return level->count > 1 || length == 0 ||
	       trail_at(&all->trail, length - 1)->move.worker !=
	               level->moves[0].worker;
}

static bool save(struct enumeration *all, struct level *level, unsigned worker)
{
	const struct machine *machine = all->search->machine;
	size_t bytes = machine_saved_bytes(machine, worker);

	level->tape = all->tape.used;
	level->saved = needs_save(all, level);
	if (!level->saved)
		return true;
	if (!pile_reserve(&all->tape, &all->search->budget, bytes))
		return false;
	machine_save(machine, worker, pile_push(&all->tape, bytes));
	return true;
}

/* Back from the last move of the level that is now the top. */
static void take_back(struct enumeration *all)
{
	struct level *level = top(all);

	if (level->saved)
		machine_restore(all->search->machine,
		                level->moves[level->next - 1].worker,
		                all->tape.bytes + level->tape);
	all->tape.used = level->tape;
	trail_drop(&all->trail);
}

static bool advance(struct enumeration *all)
{
	struct level *level = top(all);
	struct move move = level->moves[level->next];
	enum trail_round round;

	if (!save(all, level, move.worker) ||
	    !trail_move(&all->trail, all->search->machine, move))
		return false;
	level->next++;
	all->search->verdict->steps++;
	round = trail_round(&all->trail, all->search->machine);
	level->vain &= move.way == WAY_SPURIOUS || round == ROUND_VAIN;
	if (round != ROUND_NONE) {
		take_back(all);
		return true;
	}
	if (enter(all))
		return true;
	take_back(all);
	return false;
}

static void leave(struct enumeration *all)
{
	const struct level *level = top(all);

	if (all->whole && (level->count == 0 || level->vain))
		all->search->verdict->executions++;
	if (all->whole && level->count && level->vain)
		note_end(all, search_end(all->search, true, true));
	all->levels.used -= sizeof(*level);
	if (all->levels.used)
		take_back(all);
}

/* The machine is at its start again. */
static void shorten_all(struct search *search)
{
	struct verdict *verdict = search->verdict;
	struct start start;

	if (start_save(&start, search->machine, &search->budget)) {
		for (size_t i = 0; i < verdict->outcomes; i++) {
			const struct outcome *outcome = &verdict->outcome[i];

			shorten(search, &start, verdict->move + outcome->first,
			        outcome->moves, (uint16_t)i);
		}
	}
	start_free(&start);
}

void search_every(struct search *search)
{
	struct enumeration all = { .search = search,
		                   .trail = { .budget = &search->budget },
		                   .whole = true };

	all.whole = enter(&all);
	while (all.levels.used) {
		const struct level *level = top(&all);

		if (!all.whole || level->next == level->count)
			leave(&all);
		else
			all.whole = !search_is_over(search) && advance(&all);
	}
	search->verdict->complete = all.whole;
	search->verdict->cut = !all.whole;
	pile_free(&all.levels, &search->budget);
	pile_free(&all.tape, &search->budget);
	pile_free(&all.trail.steps, &search->budget);
	shorten_all(search);
}
