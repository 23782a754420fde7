/* The states that the model may be in: see mirror.h. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/mirror_model.h"

enum {
	LIVE_MAX = 1 << 12, /* of a stack, while its fiber is left */
	STATES_MAX = 4096,
};

struct state {
	struct mirror_side side;
	size_t live[MIRROR_WORKERS];
	unsigned char stacks[MIRROR_WORKERS][LIVE_MAX];
};

struct states {
	struct state *state[STATES_MAX];
	size_t count;
};

static struct states now, next, seen;

static unsigned char *end_of_stack(unsigned worker)
{
	return mirror_stacks[worker].stack + mirror_stacks[worker].bytes;
}

static size_t live_bytes(unsigned worker)
{
	const struct mirror_fiber *fiber = &mirror_side.fibers[worker];

	if (fiber->end != MIRROR_WAITS)
		return 0;
	return (size_t)(end_of_stack(worker) - (unsigned char *)fiber->top);
}

static struct state *save(void)
{
	struct state *state = malloc(sizeof(*state));

	cr_assert_not_null(state, "no memory");
	state->side = mirror_side;
	for (unsigned i = 0; i < MIRROR_WORKERS; i++) {
		size_t live = live_bytes(i);

		cr_assert_leq(live, (size_t)LIVE_MAX, "a deep stack");
		memcpy(state->stacks[i], end_of_stack(i) - live, live);
		state->live[i] = live;
	}
	return state;
}

static void restore(const struct state *state)
{
	mirror_side = state->side;
	for (unsigned i = 0; i < MIRROR_WORKERS; i++) {
		size_t live = state->live[i];

		memcpy(end_of_stack(i) - live, state->stacks[i], live);
	}
}

static bool same_fiber(const struct mirror_fiber *a,
                       const struct mirror_fiber *b)
{
	if (a->end != b->end)
		return false;
	return a->end != MIRROR_WAITS ||
	       (a->op.call == b->op.call && a->trace == b->trace &&
	        memcmp(a->op.args, b->op.args, sizeof(a->op.args)) == 0);
}

static bool same(const struct mirror_side *a, const struct mirror_side *b)
{
	bool equal =
	        a->dying == b->dying && a->model.used == b->model.used &&
	        a->model.dead == b->model.dead &&
	        memcmp(a->model.bytes, b->model.bytes, a->model.used) == 0 &&
	        memcmp(a->objects, b->objects, MIRROR_BYTES) == 0;

	for (unsigned i = 0; i < MIRROR_WORKERS; i++)
		equal = equal && same_fiber(&a->fibers[i], &b->fibers[i]);
	return equal;
}

/* Adds the present state, unless it is there. */
static void add(struct states *states)
{
	for (size_t i = 0; i < states->count; i++) {
		if (same(&states->state[i]->side, &mirror_side))
			return;
	}
	cr_assert_lt(states->count, (size_t)STATES_MAX, "too many states");
	states->state[states->count++] = save();
}

static void clear(struct states *states)
{
	while (states->count > 0)
		free(states->state[--states->count]);
}

/* Changes every state that the model may be in. */
static void change_all(void (*change)(const struct mirror_op *op,
                                      unsigned worker),
                       const struct mirror_op *op, unsigned worker)
{
	for (size_t i = 0; i < now.count; i++) {
		restore(now.state[i]);
		change(op, worker);
		free(now.state[i]);
		now.state[i] = save();
	}
}

/* --- following */

/* Whether a call has to go on; that its deadline passes may come later. All
 * calls with a deadline have it in their third argument. */
static bool must_go(unsigned worker, bool late)
{
	struct op op = mirror_side.fibers[worker].op;

	if (!late)
		op.args[2] = 0;
	return op.call->ways(&mirror_side.model, worker, &op) > 0;
}

/* Whether the present state does not contradict RESULTS. */
static bool agrees(const struct mirror_result *results)
{
	for (unsigned i = 0; i < MIRROR_WORKERS; i++) {
		const struct mirror_fiber *fiber = &mirror_side.fibers[i];

		if (fiber->end == MIRROR_WAITS)
			continue;
		if (fiber->end != results[i].end ||
		    (fiber->end == MIRROR_DONE &&
		     fiber->value != results[i].value))
			return false;
	}
	return true;
}

/* Whether it has come to all of RESULTS, and to rest. */
static bool has_come(const struct mirror_result *results, bool late)
{
	for (unsigned i = 0; i < MIRROR_WORKERS; i++) {
		if (mirror_side.fibers[i].end == MIRROR_WAITS &&
		    (results[i].end != MIRROR_WAITS || must_go(i, late)))
			return false;
	}
	return mirror_side.dying == MIRROR_NOBODY;
}

/* Notes the present state, unless it is no way to RESULTS. */
static void reach(const struct mirror_result *results)
{
	if (agrees(results))
		add(&seen);
}

/* All that can come of a state in one step. */
static void step_from(const struct state *here,
                      const struct mirror_result *results)
{
	for (unsigned i = 0; i < MIRROR_WORKERS; i++) {
		unsigned ways = 0;

		restore(here);
		if (mirror_side.fibers[i].end == MIRROR_WAITS)
			ways = mirror_model_ways(i);
		for (unsigned way = 0; way < ways; way++) {
			restore(here);
			mirror_model_go(i, way);
			reach(results);
		}
	}
	restore(here);
	if (mirror_side.dying != MIRROR_NOBODY) {
		model_end_worker(&mirror_side.model, mirror_side.dying);
		mirror_side.dying = MIRROR_NOBODY;
		reach(results);
	}
}

bool mirror_model_follow(const struct mirror_result *results, bool late)
{
	for (size_t i = 0; i < now.count; i++) {
		restore(now.state[i]);
		reach(results);
	}
	for (size_t i = 0; i < seen.count; i++) {
		step_from(seen.state[i], results);
		restore(seen.state[i]);
		if (has_come(results, late))
			add(&next);
	}
	clear(&now);
	clear(&seen);
	for (size_t i = 0; i < next.count; i++) {
		struct mirror_side *side = &next.state[i]->side;

		for (unsigned j = 0; j < MIRROR_WORKERS; j++) {
			if (side->fibers[j].end == MIRROR_DONE)
				side->fibers[j].end = MIRROR_IDLE;
		}
		now.state[now.count++] = next.state[i];
	}
	next.count = 0;
	return now.count > 0;
}

bool mirror_model_allows(const struct mirror_op *op, unsigned worker)
{
	for (size_t i = 0; i < now.count && op->allowed; i++) {
		restore(now.state[i]);
		if (!op->allowed(&mirror_side.model, worker,
		                 mirror_side.objects))
			return false;
	}
	return true;
}

void mirror_model_start(const struct mirror_op *op, unsigned worker)
{
	change_all(mirror_fiber_start, op, worker);
}

static void kill_one(const struct mirror_op *op, unsigned worker)
{
	(void)op;
	mirror_side.dying = worker;
}

void mirror_model_kill(unsigned worker)
{
	change_all(kill_one, NULL, worker);
}

void mirror_states_begin(void)
{
	clear(&now);
	add(&now);
}

void mirror_model_keep(void)
{
	mirror_states_begin();
}

void mirror_states_end(void)
{
	clear(&now);
}
