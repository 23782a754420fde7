#include "twin_fiber.h"

#include <errno.h>
#include <string.h>
#include <ucontext.h>

struct world world;

static const struct twin_test *running_test;
static void *driver[JUMP]; /* where world_start() and world_go() go on */
static bool active;        /* whether the wrapped functions are ours */

static unsigned id_of(unsigned worker)
{
	return worker == TWIN_PARENT ? (unsigned)MODEL_PARENT : worker;
}

static ON_FIBER struct fiber *current(void)
{
	return &world.fibers[world.current];
}

/* A function of its own: gcc wants none that calls both built-ins. */
static ON_FIBER __attribute__((noinline, noreturn)) void hop(void **to)
{
	__builtin_longjmp(to, 1);
}

/*
 * Not swapcontext(), of which the sanitizers complain, and which asks the kernel
 * for the signal mask.
 */
static ON_FIBER __attribute__((noinline)) void leave(enum fiber_state state)
{
	current()->state = state;
	if (__builtin_setjmp(current()->jump) == 0)
		hop(driver);
	errno = 0; /* others have run: what they left there is not this one's */
}

static ON_FIBER __attribute__((noinline)) void enter(const ucontext_t *first)
{
	if (__builtin_setjmp(driver) != 0)
		return;
	if (first)
		(void)setcontext(first);
	hop(current()->jump);
}

/* --- what models see of the explorer */

/* NOLINTBEGIN(bugprone-reserved-identifier,bugprone-macro-parentheses,cert-*):
   these are the linker's names, and a type takes no parentheses */
#define WRAP(type, name, parameters)   \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	ON_FIBER type __wrap_##name parameters

WRAP(struct op *, model_op, (void))
{
	return active ? &current()->op : __real_model_op();
}

WRAP(int64_t, model_post,
     (const struct model_call *call, const void *pc, uint64_t a, uint64_t b,
      uint64_t c, uint64_t d))
{
	struct op *op;

	if (!active)
		return __real_model_post(call, pc, a, b, c, d);
	op = &current()->op;
	op->kind = OP_CALL;
	op->call = call;
	op->pc = pc;
	op->args[0] = a;
	op->args[1] = b;
	op->args[2] = c;
	op->args[3] = d;
	leave(FIBER_POSTED);
	return current()->op.result;
}

WRAP(int64_t, model_errno, (int64_t result))
{
	if (!active)
		return __real_model_errno(result);
	if (result >= 0)
		return result;
	errno = (int)-result;
	return -1;
}

WRAP(void, model_copy,
     (void *to, const void *from, size_t bytes, const void *pc))
{
	if (active)
		memcpy(to, from, bytes);
	else
		__real_model_copy(to, from, bytes, pc);
}

WRAP(void, model_refuse, (const char *what, const void *pc))
{
	if (!active)
		__real_model_refuse(what, pc);
	world.refused = what;
	leave(FIBER_DEAD);
}

WRAP(unsigned, model_self, (void))
{
	return active ? id_of(world.current) : __real_model_self();
}

WRAP(unsigned, model_workers, (void))
{
	return active ? (unsigned)TWIN_WORKERS : __real_model_workers();
}

WRAP(bool, model_is_shared, (const void *address))
{
	const char *at = address;
	const char *side = (const char *)&world.side;

	if (!active)
		return __real_model_is_shared(address);
	return at >= side && at < side + sizeof(world.side);
}
/* NOLINTEND(bugprone-reserved-identifier,bugprone-macro-parentheses,cert-*) */

/* --- running them */

static ON_FIBER void run(void)
{
	struct fiber *fiber = current();

	errno = 0;
	running_test->act(&world.side, &fiber->command, &fiber->reply);
	leave(FIBER_DONE);
}

void world_reset(void)
{
	active = true;
	memset(&world, 0, sizeof(world));
	world.side.modelled = true;
	world.side.key = 1 << 8;
	strcpy(world.side.folder, "/model");
	for (int i = 0; i < TWIN_IDS; i++)
		world.side.ids[i] = -1;
}

void world_start(const struct twin_test *test, unsigned worker,
                 const struct twin_command *command)
{
	struct fiber *fiber = &world.fibers[worker];
	ucontext_t first;

	running_test = test;
	fiber->command = *command;
	memset(&fiber->reply, 0, sizeof(fiber->reply));
	world.current = worker;
	(void)getcontext(&first);
	first.uc_stack.ss_sp = fiber->stack;
	first.uc_stack.ss_size = sizeof(fiber->stack);
	first.uc_link = NULL;
	makecontext(&first, run, 0);
	enter(&first);
}

unsigned world_ways(unsigned worker, const char **wrong)
{
	static struct model before;
	size_t size = offsetof(struct model, bytes) + world.model.used;
	unsigned id = id_of(worker);
	const struct op *op = &world.fibers[worker].op;
	unsigned ways;

	memcpy(&before, &world.model, size);
	ways = op->call->ways(&world.model, id, op);
	if (ways == 0 && op->call->holders)
		(void)op->call->holders(&world.model, id, op);
	if (ways == 0 && op->call->hopeless)
		(void)op->call->hopeless(&world.model, id, op);
	if (memcmp(&before, &world.model, size) != 0)
		*wrong = "looking at a call changed the model";
	return ways;
}

void world_go(unsigned worker, unsigned way)
{
	struct op *op = &world.fibers[worker].op;

	op->call->go(&world.model, id_of(worker), op, way);
	world.current = worker;
	enter(NULL);
}

void world_kill(unsigned worker)
{
	world.fibers[worker].state = FIBER_DEAD;
	model_end_worker(&world.model, id_of(worker));
	world.model.dead |= 1u << worker;
}
