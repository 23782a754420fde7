#include "harness/explore/vehicle.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/explore/baton.h"
#include "harness/explore/hooks.h"

struct machine *vehicle_machine;

static struct worker *parent_of(const struct machine *machine)
{
	return &machine->workers[machine->spec.workers];
}

/* Globals and heap stand at one address for all, as after fork. */
static void swap_in(const struct machine *machine, const struct worker *worker)
{
	if (machine->data_bytes)
		memcpy(machine->target->data, worker->private,
		       machine->data_bytes);
	if (worker->now.heap_used)
		memcpy(machine->heap, worker->private + machine->data_bytes,
		       worker->now.heap_used);
}

static void swap_out(const struct machine *machine, struct worker *worker)
{
	if (machine->data_bytes)
		memcpy(worker->private, machine->target->data,
		       machine->data_bytes);
	if (worker->now.heap_used)
		memcpy(worker->private + machine->data_bytes, machine->heap,
		       worker->now.heap_used);
}

static void run(struct machine *machine, struct worker *worker)
{
	hooks.self = worker;
	machine->steps++;
	fiber_resume(&worker->fiber);
	hooks.self = NULL;
	worker->now.top = worker->fiber.top;
}

void vehicle_resume(struct machine *machine, struct worker *worker)
{
	if (machine->spec.real) {
		baton_resume(machine, worker);
		return;
	}
	swap_in(machine, worker);
	worker->fiber.top = worker->now.top;
	run(machine, worker);
	swap_out(machine, worker);
}

HOOK void vehicle_work(void)
{
	int err = adaptor_work(&vehicle_machine->adaptor, hooks.self->index);

	if (err)
		hooks_stop(STOP_FAILED, -err, NULL,
		           "an operation of the strategy failed: %s",
		           text_errno(-err));
	hooks.self->now.state = WORKER_ENDED;
	hooks.self->now.op.kind = OP_NONE;
	hooks.leave();
}

static void aim_hooks(const struct machine *machine, bool at_workers)
{
	hooks = (struct hooks){
		.base = (uintptr_t)machine->adaptor.base,
		.bytes = at_workers ? machine->shared_bytes : 0,
		.leave = fiber_leave,
		.shared_bytes = machine->shared_bytes,
		.workers = machine->spec.workers,
		.fences = machine->spec.memory == MEMORY_TSO,
		.stop = machine->stop,
		.heap = machine->heap,
		.stacks = (uintptr_t)machine->stacks,
		.stacks_bytes = machine->stacks_bytes,
	};
}

/* Whether the parent's call went on. */
static bool go_on(struct machine *machine, struct worker *parent)
{
	struct op *op = &parent->now.op;

	if (op->call->ways(machine->model, MODEL_PARENT, op) == 0) {
		machine->stop->kind = STOP_PARENT_WAITS;
		machine->stop->worker = MODEL_PARENT;
		machine->stop->pc = op->pc;
		(void)snprintf(machine->stop->text, sizeof(machine->stop->text),
		               "%s waits for ever: nobody else is there",
		               op->call->name);
		return false;
	}
	op->call->go(machine->model, MODEL_PARENT, op, 0);
	return true;
}

void vehicle_as_parent(struct machine *machine, void (*body)(void), bool keep)
{
	struct worker *parent = parent_of(machine);

	vehicle_machine = machine;
	aim_hooks(machine, false);
	parent->now.state = WORKER_READY;
	swap_in(machine, parent);
	fiber_start(&parent->fiber, body);
	do {
		parent->now.op.kind = OP_NONE;
		run(machine, parent);
	} while (parent->now.op.kind == OP_CALL && go_on(machine, parent));
	if (keep)
		swap_out(machine, parent);
	aim_hooks(machine, true);
}

void vehicle_fork(struct machine *machine)
{
	struct worker *parent = parent_of(machine);

	swap_in(machine, parent);
	for (unsigned i = 0; i < machine->spec.workers; i++) {
		struct worker *worker = &machine->workers[i];

		worker->now.heap_used = parent->now.heap_used;
		if (machine->spec.real) {
			baton_fork(worker);
			continue;
		}
		memcpy(worker->private, parent->private,
		       machine->data_bytes + parent->now.heap_used);
		fiber_start(&worker->fiber, vehicle_work);
		worker->now.top = worker->fiber.top;
	}
}
