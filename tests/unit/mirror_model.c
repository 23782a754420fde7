#include "tests/unit/mirror_model.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "harness/explore/hooks.h"

enum { STACK_BYTES = 1 << 16 };

/* Whoever calls a front, it thinks itself explored: harness/explore/hooks.h. */
static struct {
	const struct mirror_test *test; /* while there is one */
	struct worker worker;           /* the one that runs */
} rig;

struct mirror_side mirror_side;
struct fiber mirror_stacks[MIRROR_WORKERS];

/* --- fibers */

static ON_FIBER struct mirror_fiber *own_fiber(void)
{
	return &mirror_side.fibers[rig.worker.index];
}

static void parent_goes(void)
{
	struct op *op = &rig.worker.now.op;

	cr_assert_gt(op->call->ways(&mirror_side.model, MODEL_PARENT, op), 0,
	             "the parent waits in %s", op->call->name);
	op->call->go(&mirror_side.model, MODEL_PARENT, op, 0);
}

/* What a front's call comes to. */
static ON_FIBER void post(void)
{
	struct mirror_fiber *fiber;

	if (rig.worker.index == MODEL_PARENT) {
		parent_goes();
		return;
	}
	fiber = own_fiber();
	fiber->op = rig.worker.now.op;
	fiber->refused = rig.worker.now.state == WORKER_STOPPED;
	fiber_leave();
	rig.worker.now.op = fiber->op;
}

ON_FIBER int mirror_errno(void)
{
	return rig.test ? rig.worker.now.err : errno;
}

static ON_FIBER void run_job(void)
{
	struct mirror_fiber *fiber = own_fiber();

	fiber->value = fiber->job->body(rig.test->model, mirror_side.objects,
	                                rig.worker.index);
	fiber->end = MIRROR_DONE;
	fiber_leave();
}

static void resume(unsigned worker)
{
	struct mirror_fiber *fiber = &mirror_side.fibers[worker];

	rig.worker.index = worker;
	mirror_stacks[worker].top = fiber->top;
	fiber_resume(&mirror_stacks[worker]);
	fiber->top = mirror_stacks[worker].top;
	rig.worker.index = MODEL_PARENT;
	cr_assert_not(fiber->refused, "it refuses: %s", hooks.stop->text);
}

void mirror_fiber_start(const struct mirror_op *op, unsigned worker)
{
	struct mirror_fiber *fiber = &mirror_side.fibers[worker];

	fiber_start(&mirror_stacks[worker], run_job);
	fiber->top = mirror_stacks[worker].top;
	fiber->job = op;
	fiber->trace = 0;
	fiber->end = MIRROR_WAITS;
	resume(worker);
}

/* --- stepping */

/* Once, and for as long as the test runs. */
static void map_stacks(void)
{
	unsigned char *memory;
	size_t span;

	cr_assert_eq(fiber_map(mirror_stacks, sizeof(mirror_stacks[0]),
	                       MIRROR_WORKERS, STACK_BYTES, &memory, &span),
	             0, "no stacks");
}

static void begin(const struct mirror_test *test)
{
	static struct stop stop;

	if (!mirror_stacks[0].stack)
		map_stacks();
	memset(&mirror_side, 0, sizeof(mirror_side));
	mirror_side.dying = MIRROR_NOBODY;
	rig.test = test;
	rig.worker = (struct worker){ .index = MODEL_PARENT };
	/* Nothing is a step but a call. */
	hooks = (struct hooks){
		.self = &rig.worker,
		.base = (uintptr_t)mirror_side.objects,
		.shared_bytes = MIRROR_BYTES,
		.leave = post,
		.workers = test->workers,
		.stop = &stop,
	};
}

static void end(void)
{
	rig.test = NULL;
	hooks = (struct hooks){ .self = NULL };
}

void mirror_model_begin(const struct mirror_test *test)
{
	begin(test);
	cr_assert_eq(test->make(test->model, mirror_side.objects, MODEL_PARENT),
	             0, "not made");
	mirror_states_begin();
}

void mirror_model_end(void)
{
	mirror_states_end();
	end();
}

long mirror_model_alone(mirror_body *body, const void *table)
{
	struct mirror_test test = { .make = body, .model = table };
	long result;

	begin(&test);
	result = body(table, mirror_side.objects, MODEL_PARENT);
	end();
	return result;
}

const struct op *mirror_model_op(unsigned worker)
{
	return &mirror_side.fibers[worker].op;
}

struct mirror_result mirror_model_result(unsigned worker)
{
	const struct mirror_fiber *fiber = &mirror_side.fibers[worker];

	return (struct mirror_result){ fiber->end, fiber->value };
}

unsigned mirror_model_ways(unsigned worker)
{
	const struct op *op = &mirror_side.fibers[worker].op;

	return op->call->ways(&mirror_side.model, worker, op);
}

void mirror_model_go(unsigned worker, unsigned way)
{
	struct mirror_fiber *fiber = &mirror_side.fibers[worker];
	struct op *op = &fiber->op;

	op->call->go(&mirror_side.model, worker, op, way);
	fiber->trace = fiber->trace * 1000003 + (uint64_t)op->result;
	resume(worker);
}

struct model *mirror_model(void)
{
	return &mirror_side.model;
}

void *mirror_model_objects(void)
{
	return mirror_side.objects;
}
