#include "harness/explore/shorten.h"

#include <stdlib.h>
#include <string.h>

#include "harness/explore/trail.h"

enum {
	TRIES_MAX = 2000,
	LONGEST = 20000, /* moves */
};

/* One execution that follows a guide as far as it can, and then goes on with as
 * few switches as it can. */
struct run {
	struct search *search;
	struct trail trail;
	unsigned last; /* who made the last step */
	unsigned preemptions;
	bool waiting[MODEL_WORKERS]; /* spinning, and nothing has changed */
	bool cut;
};

struct schedule {
	struct move *moves;
	size_t count;
	unsigned preemptions;
};

static bool same_move(struct move a, struct move b)
{
	return a.worker == b.worker && a.way == b.way;
}

static bool is_step(const struct run *run, struct move move)
{
	return move.way != WAY_FLUSH && move.way != WAY_SPURIOUS &&
	       !run->waiting[move.worker];
}

static bool last_can_go(const struct run *run, const struct move *moves,
                        unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (moves[i].worker == run->last && is_step(run, moves[i]))
			return true;
	}
	return false;
}

static void make(struct run *run, struct move move, const struct move *moves,
                 unsigned count)
{
	if (move.way != WAY_FLUSH) {
		run->preemptions += move.worker != run->last &&
		                    last_can_go(run, moves, count);
		run->last = move.worker;
	}
	if (trail_length(&run->trail) > LONGEST ||
	    !trail_move(&run->trail, run->search->machine, move)) {
		run->cut = true;
		return;
	}
	if (!trail_at(&run->trail, trail_length(&run->trail) - 1)->pure)
		memset(run->waiting, 0, sizeof(run->waiting));
	else if (trail_round(&run->trail, run->search->machine) == ROUND_VAIN)
		run->waiting[move.worker] = true;
}

/* Without a guide: whoever ran last, then the others, then store buffers. */
static bool go_on(struct run *run)
{
	struct move moves[MACHINE_MOVES];
	unsigned count = machine_moves(run->search->machine, moves);
	const struct move *best = NULL;

	for (unsigned i = 0; i < count; i++) {
		const struct move *move = &moves[i];

		if (move->way == WAY_FLUSH && !best)
			best = move;
		if (!is_step(run, *move))
			continue;
		if (!best || best->way == WAY_FLUSH ||
		    (move->worker == run->last && best->worker != run->last))
			best = move;
	}
	if (best)
		make(run, *best, moves, count);
	return best;
}

static void follow(struct run *run, struct move wanted)
{
	struct move moves[MACHINE_MOVES];
	unsigned count = machine_moves(run->search->machine, moves);

	for (unsigned i = 0; i < count; i++) {
		if (same_move(moves[i], wanted)) {
			make(run, moves[i], moves, count);
			return;
		}
	}
}

/* Runs to the end; whether that is OUTCOME. */
static bool run_guided(struct run *run, const struct move *guide, size_t count,
                       const struct outcome *outcome)
{
	struct machine *machine = run->search->machine;
	struct move moves[MACHINE_MOVES];
	struct outcome end;
	unsigned left;

	for (size_t i = 0; i < count && !run->cut; i++)
		follow(run, guide[i]);
	while (!run->cut && go_on(run))
		continue;
	if (run->cut)
		return false;
	left = machine_moves(machine, moves);
	end = search_outcome(machine, !machine_ended(machine), left > 0);
	search_word(machine, &end);
	return end.kind == outcome->kind && end.total == outcome->total &&
	       strcmp(end.message, outcome->message) == 0;
}

static bool keep(struct schedule *best, const struct run *run)
{
	size_t length = trail_length(&run->trail);

	if (run->preemptions > best->preemptions ||
	    (run->preemptions == best->preemptions && length >= best->count))
		return false;
	best->moves = realloc(best->moves, (length + 1) * sizeof(*best->moves));
	if (!best->moves) {
		best->count = 0;
		return false;
	}
	for (size_t i = 0; i < length; i++)
		best->moves[i] = trail_at(&run->trail, i)->move;
	best->count = length;
	best->preemptions = run->preemptions;
	return true;
}

/* Whether GUIDE ends in the same way as before, and is simpler than BEST. */
static bool try(struct search *search, const struct start *start,
                const struct move *guide, size_t count, uint16_t outcome,
                struct schedule *best)
{
	struct run run = { .search = search,
		           .trail = { .budget = &search->budget },
		           .last = MODEL_PARENT };
	bool better;

	start_restore(start);
	better = run_guided(&run, guide, count,
	                    &search->verdict->outcome[outcome]) &&
	         keep(best, &run);
	pile_free(&run.trail.steps, &search->budget);
	return better;
}

/* The next stretch of one worker's moves from FROM on. */
static size_t stretch_end(const struct schedule *schedule, size_t from)
{
	size_t to = from;

	while (to < schedule->count &&
	       schedule->moves[to].worker == schedule->moves[from].worker)
		to++;
	return to;
}

/* Without the moves from FROM to TO. */
static bool try_without(struct search *search, const struct start *start,
                        size_t from, size_t to, uint16_t outcome,
                        struct schedule *best)
{
	size_t rest = best->count - to;
	struct move *guide = calloc(best->count + 1, sizeof(*guide));
	bool better;

	if (!guide)
		return false;
	memcpy(guide, best->moves, from * sizeof(*guide));
	memcpy(guide + from, best->moves + to, rest * sizeof(*guide));
	better = try(search, start, guide, from + rest, outcome, best);
	free(guide);
	return better;
}

/* Each stretch, or its end, is left out; whether that was of any use. */
static bool pass(struct search *search, const struct start *start,
                 uint16_t outcome, struct schedule *best, unsigned *tries)
{
	for (size_t from = 0; from < best->count && *tries < TRIES_MAX;) {
		size_t to = stretch_end(best, from);

		*tries += 2;
		if (try_without(search, start, from, to, outcome, best) ||
		    try_without(search, start, to - 1, to, outcome, best))
			return true;
		from = to;
	}
	return false;
}

void shorten(struct search *search, const struct start *start,
             const struct move *moves, size_t count, uint16_t outcome)
{
	struct schedule best = { .preemptions = UINT32_MAX };
	unsigned tries = 0;

	if (try(search, start, moves, count, outcome, &best)) {
		while (best.moves &&
		       pass(search, start, outcome, &best, &tries))
			continue;
	}
	if (best.moves)
		search_set_witness(search->verdict, outcome, best.moves,
		                   best.count, best.preemptions);
	free(best.moves);
	start_restore(start);
}
