#include "harness/explore/trail.h"

#include <string.h>

/* What others could see of an operation: what an exchange stores, or what a call
 * does to kernel and libc. A load changes nothing. */
struct effect {
	const void *at;
	uint32_t size;
	unsigned char before[16];
	bool calls;
	uint64_t model[2];
};

static void look(const struct machine *machine, const struct op *op,
                 struct effect *effect)
{
	effect->at = op->address;
	effect->size = op->kind == OP_RMW ? op->size : 0;
	memcpy(effect->before, effect->at, effect->size);
	effect->calls = op->kind == OP_CALL;
	if (effect->calls)
		machine_hash_model(machine, effect->model);
}

static bool is_none(const struct machine *machine, const struct effect *effect)
{
	uint64_t model[2];

	if (!effect->calls)
		return memcmp(effect->at, effect->before, effect->size) == 0;
	machine_hash_model(machine, model);
	return model[0] == effect->model[0] && model[1] == effect->model[1];
}

/* A store that stores what is there already changes nothing either, but no loop
 * that waits stores. */
static bool may_be_pure(const struct op *op, struct move move)
{
	return move.way != WAY_FLUSH &&
	       (op->kind == OP_LOAD || op->kind == OP_RMW ||
	        op->kind == OP_CALL);
}

bool trail_move(struct trail *trail, struct machine *machine, struct move move)
{
	const struct op *op = &machine->workers[move.worker].now.op;
	bool perhaps = may_be_pure(op, move);
	struct trail_step *step;
	struct effect effect;

	if (!pile_reserve(&trail->steps, trail->budget, sizeof(*step)))
		return false;
	step = pile_push(&trail->steps, sizeof(*step));
	step->move = move;
	step->pc = op->pc;
	if (perhaps) {
		look(machine, op, &effect);
		memcpy(step->before, machine_hash_worker(machine, move.worker),
		       sizeof(step->before));
	}
	machine_step(machine, move);
	step->pure = perhaps && is_none(machine, &effect);
	return true;
}

void trail_drop(struct trail *trail)
{
	trail->steps.used -= sizeof(struct trail_step);
}

/* Whether the worker is where it was before STEP; mostly the place tells. */
static bool is_there_again(struct machine *machine,
                           const struct trail_step *step)
{
	const struct worker *worker = &machine->workers[step->move.worker];
	const uint64_t *hash;

	if (worker->now.op.pc != step->pc || worker->now.state != WORKER_READY)
		return false;
	hash = machine_hash_worker(machine, step->move.worker);
	return step->before[0] == hash[0] && step->before[1] == hash[1];
}

enum trail_round trail_round(const struct trail *trail, struct machine *machine)
{
	size_t at = trail_length(trail) - 1;
	uint8_t worker = trail_at(trail, at)->move.worker;
	bool disturbed = false;

	for (at++; at-- > 0;) {
		const struct trail_step *step = trail_at(trail, at);

		if (step->move.worker != worker) {
			disturbed |= !step->pure;
			continue;
		}
		if (!step->pure)
			break;
		if (is_there_again(machine, step))
			return disturbed ? ROUND_REDUNDANT : ROUND_VAIN;
	}
	return ROUND_NONE;
}
