/*
 * The restartable sequence of percpu_rseq, instruction by instruction and on one
 * processor: a worker is stopped inside by a breakpoint, another one increments,
 * and the first goes on. With restarts nothing is lost. The control has none: a
 * worker that took its struct rseq back from the kernel, and that must lose the
 * other's update at some place, or the test could not see anything.
 *
 * Steps would not do: each stop restarts the sequence, and a second step would
 * begin in the abort handler. In the control they show where instructions begin.
 */
#include <criterion/criterion.h>

#include "sync/rseq.h"

#if RSEQ_HERE

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/arena.h"
#include "harness/base/cpus.h"
#include "harness/base/process.h"
#include "harness/run/spec.h"
#include "judge.h"

enum { PLACES = 64, BREAKPOINT = 0xcc };

/* What the kernel is told of the sequence: include/uapi/linux/rseq.h. */
struct sequence {
	uint64_t flags, begin, length, abort;
};

struct scene {
	const struct sync_strategy *strategy;
	struct arena arena;
	bool restarts; /* of the next worker */
	uint64_t place[PLACES];
	unsigned places;
	struct sequence sequence;
};

static uint64_t total(const struct scene *scene)
{
	return scene->strategy->ops->total(scene->arena.base, 2, NULL);
}

/* The kernel forgets this thread, and so do we what it told us. */
static void take_back(void)
{
	struct rseq *area = rseq_area();
	uint32_t cpu = area->cpu_id;
	uint32_t size = __rseq_size < 32 ? 32 : __rseq_size;

	if (syscall(SYS_rseq, area, size, RSEQ_FLAG_UNREGISTER, RSEQ_SIG) < 0)
		_exit(1);
	*(volatile uint32_t *)&area->cpu_id = cpu;
}

static void work(void *argument)
{
	const struct scene *scene = argument;
	struct sync_ctx ctx = { .shared = scene->arena.base, .workers = 2 };

	if (!scene->restarts)
		take_back();
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		_exit(1);
	(void)raise(SIGSTOP);
	(void)scene->strategy->ops->add(&ctx, NULL);
	(void)raise(SIGSTOP);
}

/* Waits until it stops; by which signal. */
static int stopped(pid_t pid)
{
	int status;

	cr_assert_eq(waitpid(pid, &status, 0), pid, "waitpid");
	cr_assert(WIFSTOPPED(status), "a worker ended: %x", status);
	return WSTOPSIG(status);
}

static pid_t enter(struct scene *scene, bool restarts)
{
	pid_t pid;

	scene->restarts = restarts;
	pid = process_fork(work, scene);
	cr_assert_gt(pid, 0, "fork");
	cr_assert_eq(stopped(pid), SIGSTOP, "it did not come on");
	return pid;
}

static void go_through(pid_t pid)
{
	cr_assert_eq(ptrace(PTRACE_CONT, pid, NULL, NULL), 0, "cont");
	cr_assert_eq(stopped(pid), SIGSTOP, "it did not get through");
}

static void leave(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	(void)process_reap(pid);
}

/* ptrace(2) takes numbers as pointers. */
static void *as_pointer(uint64_t number)
{
	return (void *)number; /* NOLINT(performance-no-int-to-ptr) */
}

static uint64_t peek(pid_t pid, uint64_t address)
{
	return (uint64_t)ptrace(PTRACE_PEEKDATA, pid, as_pointer(address),
	                        NULL);
}

static struct user_regs_struct registers_of(pid_t pid)
{
	struct user_regs_struct registers;

	cr_assert_eq(ptrace(PTRACE_GETREGS, pid, NULL, &registers), 0, "regs");
	return registers;
}

/* One instruction; whether it is still at work. */
static bool step(pid_t pid)
{
	cr_assert_eq(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL), 0, "step");
	return stopped(pid) == SIGTRAP;
}

/* Where it is in the sequence, from its begin, or -1. */
static long inside(const struct scene *scene, pid_t pid)
{
	uint64_t at = registers_of(pid).rip - scene->sequence.begin;

	return at < scene->sequence.length ? (long)at : -1;
}

/* Steps to the store that announces the sequence, and reads that. */
static void find_sequence(struct scene *scene, pid_t pid)
{
	const uint64_t announced = (uint64_t)&rseq_area()->rseq_cs;
	uint64_t *word = (uint64_t *)&scene->sequence;
	uint64_t at = 0;

	while (at == 0) {
		cr_assert(step(pid), "it announced nothing");
		at = peek(pid, announced);
	}
	for (size_t i = 0; i < sizeof(scene->sequence) / sizeof(*word); i++)
		word[i] = peek(pid, at + i * sizeof(*word));
}

static void find_places(struct scene *scene)
{
	pid_t pid = enter(scene, false);

	find_sequence(scene, pid);
	while (inside(scene, pid) >= 0) {
		cr_assert_lt(scene->places, PLACES, "that long?");
		scene->place[scene->places++] = registers_of(pid).rip;
		cr_assert(step(pid), "it has no end");
	}
	leave(pid);
	cr_assert_gt(scene->places, 3, "no load, no add or no store");
}

static struct scene scene_of(void)
{
	struct scene scene = { .strategy = run_strategy("percpu_rseq") };
	struct cpus cpus;

	if (!judge_possible())
		cr_skip_test("ptrace is not allowed here");
	if (rseq_possible() != 0)
		cr_skip_test("there are no restartable sequences here");
	cr_assert_eq(cpus_allowed(&cpus), 0, "no CPU");
	cr_assert_eq(cpus_bind(cpus.cpu[0]), 0, "bind");
	cr_assert_eq(arena_map(&scene.arena, scene.strategy->ops->shared_size),
	             0, "no memory");
	find_places(&scene);
	return scene;
}

static void increment_as_another(struct scene *scene)
{
	pid_t pid = enter(scene, true);

	go_through(pid);
	leave(pid);
}

/* How many are there after both, the first having been stopped at PLACE. */
static uint64_t without_restart(struct scene *scene, uint64_t place)
{
	uint64_t before = total(scene);
	pid_t pid = enter(scene, false);

	while (registers_of(pid).rip != place)
		cr_assert(step(pid), "it did not get there");
	increment_as_another(scene);
	go_through(pid);
	leave(pid);
	return total(scene) - before;
}

Test(rseq, without_restarts_an_update_is_lost, .timeout = 60)
{
	struct scene scene = scene_of();
	unsigned lost = 0;

	for (unsigned i = 0; i < scene.places; i++)
		lost += without_restart(&scene, scene.place[i]) == 1;
	cr_expect_gt(lost, 0, "nothing is lost: what would a restart be for?");
	arena_unmap(&scene.arena);
}

/* Runs on to ADDRESS, and leaves no trace of the breakpoint. */
static void run_to(pid_t pid, uint64_t address)
{
	uint64_t code = peek(pid, address);
	struct user_regs_struct registers;

	(void)ptrace(PTRACE_POKEDATA, pid, as_pointer(address),
	             as_pointer((code & ~UINT64_C(0xff)) | BREAKPOINT));
	cr_assert_eq(ptrace(PTRACE_CONT, pid, NULL, NULL), 0, "cont");
	cr_assert_eq(stopped(pid), SIGTRAP, "it did not come by");
	registers = registers_of(pid);
	cr_assert_eq(registers.rip, address + 1, "it stopped elsewhere");
	registers.rip = address;
	cr_assert_eq(ptrace(PTRACE_SETREGS, pid, NULL, &registers), 0, "regs");
	(void)ptrace(PTRACE_POKEDATA, pid, as_pointer(address),
	             as_pointer(code));
}

Test(rseq, who_is_stopped_inside_begins_again_and_nothing_is_lost,
     .timeout = 60)
{
	struct scene scene = scene_of();

	for (unsigned i = 0; i < scene.places; i++) {
		uint64_t before = total(&scene);
		pid_t pid = enter(&scene, true);

		run_to(pid, scene.place[i]);
		increment_as_another(&scene);
		run_to(pid, scene.sequence.abort);
		go_through(pid);
		leave(pid);
		cr_expect_eq(total(&scene) - before, 2, "lost at +%llu",
		             (unsigned long long)(scene.place[i] -
		                                  scene.sequence.begin));
	}
	arena_unmap(&scene.arena);
}

#endif
