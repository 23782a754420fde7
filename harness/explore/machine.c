#include "harness/explore/machine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "harness/base/text.h"
#include "harness/explore/baton.h"
#include "harness/explore/guard.h"
#include "harness/explore/hooks.h"
#include "harness/explore/tso.h"
#include "harness/explore/vehicle.h"

enum {
	STACK_BYTES = 256 << 10,
	SHARED_MAX = 16 << 20,
};

static void *map(size_t bytes, int flags)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	                    flags | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

/* A worker in a process of its own needs to see these, too: MAP_SHARED. */
static int map_all(struct machine *machine)
{
	size_t workers = machine->spec.workers + 1;

	machine->adaptor.base = map(machine->shared_bytes, MAP_SHARED);
	machine->model = map(sizeof(*machine->model), MAP_SHARED);
	machine->workers = map(workers * sizeof(*machine->workers), MAP_SHARED);
	machine->stop = map(sizeof(*machine->stop), MAP_SHARED);
	machine->heap = map(HEAP_BYTES, MAP_PRIVATE);
	return machine->adaptor.base && machine->model && machine->workers &&
	                       machine->stop && machine->heap
	               ? 0
	               : -ENOMEM;
}

static int open_workers(struct machine *machine)
{
	unsigned count = machine->spec.workers + 1;

	for (unsigned i = 0; i < count; i++) {
		struct worker *worker = &machine->workers[i];

		worker->index = i < machine->spec.workers ? i : MODEL_PARENT;
		worker->private =
		        map(machine->data_bytes + HEAP_BYTES, MAP_PRIVATE);
		if (!worker->private)
			return -ENOMEM;
	}
	return fiber_map(&machine->workers[0].fiber, sizeof(struct worker),
	                 count, STACK_BYTES, &machine->stacks,
	                 &machine->stacks_bytes);
}

int machine_fit(struct machine_spec *spec, const struct target *target,
                struct complaint *complaint)
{
	unsigned most =
	        target->strategy ? target->strategy->ops->max_workers : 0;

	if (target->program && spec->workers == 0)
		spec->workers = target->program->workers;
	if (target->program)
		spec->increments = 1;
	if (spec->workers == 0)
		spec->workers = 2;
	if (spec->workers <= MODEL_WORKERS &&
	    (most == 0 || spec->workers <= most))
		return 0;
	complain(complaint, target->name,
	         "%u workers are too many: at most %u can be explored",
	         spec->workers,
	         most && most < MODEL_WORKERS ? most : MODEL_WORKERS + 0u);
	return -EINVAL;
}

int machine_open(struct machine *machine, const struct target *target,
                 const struct machine_spec *spec)
{
	int err;

	*machine = (struct machine){
		.spec = *spec,
		.target = target,
		.adaptor = { .target = target,
		             .workers = spec->workers,
		             .increments = spec->increments },
		.data_bytes = target->data_bytes,
	};
	/* One byte more: there may be none, and each mapping has a first. */
	machine->shared_bytes = adaptor_bytes(target, spec->workers) + 1;
	if (machine->shared_bytes > SHARED_MAX)
		return -E2BIG;
	err = map_all(machine);
	if (!err)
		err = open_workers(machine);
	if (!err)
		err = guard_set(machine);
	return err;
}

static void unmap(void *memory, size_t bytes)
{
	if (memory) /* it was mapped */
		(void)munmap(memory, bytes);
}

void machine_close(struct machine *machine)
{
	size_t workers = machine->spec.workers + 1;

	guard_clear();
	if (machine->workers)
		baton_end(machine);
	for (size_t i = 0; machine->workers && i < workers; i++)
		unmap(machine->workers[i].private,
		      machine->data_bytes + HEAP_BYTES);
	fiber_unmap(machine->stacks, machine->stacks_bytes);
	unmap(machine->workers, workers * sizeof(*machine->workers));
	unmap(machine->adaptor.base, machine->shared_bytes);
	unmap(machine->model, sizeof(*machine->model));
	unmap(machine->stop, sizeof(*machine->stop));
	unmap(machine->heap, HEAP_BYTES);
}

/* --- running */

static struct worker *parent_of(const struct machine *machine)
{
	return &machine->workers[machine->spec.workers];
}

static void init(void)
{
	int err = adaptor_init(&vehicle_machine->adaptor);

	if (err)
		hooks_stop(STOP_FAILED, -err, NULL, "init failed: %s",
		           text_errno(-err));
	hooks.self->now.state = WORKER_ENDED;
	hooks.leave();
}

/* After a worker has gone as far as it could. */
static void settle(struct machine *machine, struct worker *worker)
{
	/* On its way into the kernel a processor empties its store buffer. */
	if (worker->now.state == WORKER_ENDED && worker->now.stores == 0)
		model_end_worker(machine->model, worker->index);
	if (machine->model->full && !machine_stopped(machine)) {
		machine->stop->kind = STOP_REFUSED;
		machine->stop->worker = worker->index;
		(void)snprintf(machine->stop->text, sizeof(machine->stop->text),
		               "more objects than can be modelled");
	}
	worker->stale = true;
}

void machine_start(struct machine *machine)
{
	struct worker *parent = parent_of(machine);

	machine->model->spurious = machine->spec.spurious;
	if (machine->data_bytes)
		memcpy(parent->private, machine->target->data,
		       machine->data_bytes);
	vehicle_as_parent(machine, init, true);
	if (machine_stopped(machine))
		return;
	vehicle_fork(machine);
	for (unsigned i = 0; i < machine->spec.workers; i++) {
		vehicle_resume(machine, &machine->workers[i]);
		settle(machine, &machine->workers[i]);
	}
}

/* How many ways there are for the worker's next operation; not the spurious. */
static unsigned ways_of(struct machine *machine, const struct worker *worker)
{
	const struct worker_now *now = &worker->now;

	if (now->state != WORKER_READY ||
	    !tso_allows(now, machine->spec.buffer))
		return 0;
	if (now->op.kind != OP_CALL)
		return 1;
	return now->op.call->ways(machine->model, worker->index, &now->op);
}

static bool may_wake(struct machine *machine, const struct worker *worker)
{
	const struct op *op = &worker->now.op;

	return machine->model->spurious && worker->now.state == WORKER_READY &&
	       op->kind == OP_CALL && op->call->may_wake &&
	       tso_allows(&worker->now, machine->spec.buffer) &&
	       op->call->may_wake(machine->model, worker->index, op);
}

/* How many of them somebody must make in the end. */
static unsigned proper(const struct move *moves, unsigned count)
{
	unsigned some = 0;

	for (unsigned i = 0; i < count; i++)
		some += moves[i].way != WAY_SPURIOUS;
	return some;
}

unsigned machine_moves(struct machine *machine, struct move *moves)
{
	unsigned count = 0;

	if (machine_stopped(machine))
		return 0;
	for (unsigned index = 0; index < machine->spec.workers; index++) {
		const struct worker *worker = &machine->workers[index];
		uint8_t i = (uint8_t)index;
		unsigned ways = ways_of(machine, worker);

		for (unsigned way = 0; way < ways; way++) {
			if (count < MACHINE_MOVES - 2)
				moves[count++] =
				        (struct move){ i, (uint8_t)way };
		}
		if (worker->now.stores && count < MACHINE_MOVES)
			moves[count++] = (struct move){ i, WAY_FLUSH };
		if (may_wake(machine, worker) && count < MACHINE_MOVES)
			moves[count++] = (struct move){ i, WAY_SPURIOUS };
	}
	return proper(moves, count) ? count : 0;
}

/* A plain store that is modelled: spin_unlock. */
static bool deferred(const struct machine *machine, const struct op *op)
{
	return machine->spec.memory == MEMORY_TSO && op->kind == OP_CALL &&
	       op->call->is_store;
}

static void go_on(struct machine *machine, struct worker *worker, uint8_t way)
{
	struct op *op = &worker->now.op;

	if (way == WAY_SPURIOUS)
		machine->model->spurious--;
	if (deferred(machine, op))
		tso_defer(&worker->now);
	else
		op->call->go(machine->model, worker->index, op, way);
}

void machine_step(struct machine *machine, struct move move)
{
	struct worker *worker = &machine->workers[move.worker];
	struct tso_step step;

	if (move.way == WAY_FLUSH) {
		tso_flush(&worker->now, machine->model, move.worker);
	} else if (worker->now.op.kind == OP_CALL) {
		go_on(machine, worker, move.way);
		vehicle_resume(machine, worker);
	} else if (machine->spec.memory == MEMORY_TSO) {
		tso_before(&worker->now, &step);
		vehicle_resume(machine, worker);
		tso_after(&worker->now, &step);
	} else {
		vehicle_resume(machine, worker);
	}
	settle(machine, worker);
}

bool machine_ended(const struct machine *machine)
{
	for (unsigned i = 0; i < machine->spec.workers; i++) {
		const struct worker_now *now = &machine->workers[i].now;

		if (now->state != WORKER_ENDED || now->stores)
			return false;
	}
	return true;
}

/* --- the end */

static uint64_t total;
static char *verdict;
static size_t verdict_size;

static void sum_up(void)
{
	total = adaptor_total(&vehicle_machine->adaptor);
	hooks.self->now.state = WORKER_ENDED;
	hooks.leave();
}

uint64_t machine_total(struct machine *machine)
{
	if (!machine->target->strategy->ops->total)
		return *(uint64_t *)(void *)machine->adaptor.base;
	vehicle_as_parent(machine, sum_up, false);
	return total;
}

static void judge(void)
{
	const char *message = adaptor_check(&vehicle_machine->adaptor);

	if (message)
		(void)snprintf(verdict, verdict_size, "%s",
		               *message ? message : "(an empty message)");
	hooks.self->now.state = WORKER_ENDED;
	hooks.leave();
}

void machine_check(struct machine *machine, char *message, size_t size)
{
	message[0] = '\0';
	verdict = message;
	verdict_size = size;
	vehicle_as_parent(machine, judge, false);
}
