#include "judge.h"

#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/arena.h"
#include "harness/base/clock.h"
#include "harness/base/process.h"
#include "harness/run/layout.h"
#include "harness/run/spec.h"

enum {
	ACTORS = 3,
	/* Of its own processor time, without getting in: it spins. A lock takes
	   microseconds; this is spent at each of thousands of places. */
	SPIN_MS = 10,
	/* Looks, a millisecond apart, at a sleeper that never ran in between.
	   Two tell that it waits; many, that nobody is going to wake it. */
	LOOKS_WAITING = 3,
	LOOKS_SHUT_OUT = 1000,
	/* Of SPIN_MS each, before who leaves is said to hang: a queue lock may
	   have to wait there until the one behind answers, which runs, but
	   perhaps not just now. */
	SPINS_LEAVING = 300,
	/* More instructions than any lock has, under a sanitizer, too. */
	STEPS_MAX = 20000,
	/* As often with the very same registers: it goes round. */
	ROUNDS = 8,
};

enum where { OUTSIDE, INSIDE, THROUGH };

/* In shared memory: what each actor has reached, and what a call returned. */
struct board {
	enum where where[ACTORS];
	int err[ACTORS];
};

/* Where a stepped actor was a while ago, and how often it has been there. */
struct round {
	struct user_regs_struct registers;
	unsigned steps, again;
};

struct play {
	const struct sync_strategy *strategy;
	const char *wrong; /* the first thing that was */
	struct arena arena;
	struct layout layout;
	struct board *board;
	unsigned actors, entered;
	pid_t pid[ACTORS];
	struct round round; /* of the one actor that is stepped */
};

enum outcome { ARRIVED, ASLEEP, SPINNING, DIED };

static void wrong(struct play *play, const char *what)
{
	if (!play->wrong)
		play->wrong = what;
}

static void *at(const struct play *play, size_t offset)
{
	return (char *)play->arena.base + offset;
}

/* Without what each actor added before it was judged. */
static uint64_t total(const struct play *play)
{
	const struct sync_ops *ops = play->strategy->ops;
	const uint64_t *counter = at(play, play->layout.counter);
	uint64_t sum = ops->total ? ops->total(at(play, play->layout.shared),
	                                       play->actors, counter)
	                          : *counter;

	return sum - (uint64_t)play->entered * ops->lag;
}

/* --- an actor, in its own process ----------------------------------------- */

struct role {
	struct play *play;
	unsigned self;
};

/* Volatile: each place is reached when the instructions before it are done. */
static void arrive(const struct role *role, enum where where)
{
	*(volatile enum where *)&role->play->board->where[role->self] = where;
	(void)raise(SIGSTOP);
}

static int go_through(const struct role *role, struct sync_ctx *ctx,
                      uint64_t *counter)
{
	const struct sync_ops *ops = role->play->strategy->ops;
	int err;

	if (ops->add)
		return ops->add(ctx, counter);
	err = ops->lock(ctx);
	if (err)
		return err;
	sync_increment(counter);
	arrive(role, INSIDE);
	return ops->unlock(ctx);
}

static void act(void *argument)
{
	const struct role *role = argument;
	const struct play *play = role->play;
	const struct sync_ops *ops = play->strategy->ops;
	struct sync_ctx ctx = {
		.shared = at(play, play->layout.shared),
		.mine = at(play, play->layout.mine +
		                         role->self * play->layout.mine_stride),
		.self = role->self,
		.workers = play->actors,
	};
	int err = 0;

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		return;
	if (ops->attach)
		err = ops->attach(&ctx);
	/* The increment that is judged is to be the one that gets through. */
	for (unsigned i = 0; i < ops->lag && !err; i++)
		err = go_through(role, &ctx, at(play, play->layout.counter));
	arrive(role, OUTSIDE);
	if (!err)
		err = go_through(role, &ctx, at(play, play->layout.counter));
	play->board->err[role->self] = err;
	arrive(role, THROUGH);
}

/* --- the director --------------------------------------------------------- */

static void nap(void)
{
	const struct timespec ms = { .tv_nsec = 1000000 };

	(void)nanosleep(&ms, NULL);
}

/* Looks at a running actor until it stops by itself, or LOOKS tell that it
   waits. */
static enum outcome watch(struct play *play, unsigned actor, unsigned looks)
{
	struct process_peek first = { 0 }, now, last = { 0 };
	unsigned unmoved = 0;
	int status;

	(void)process_peek(play->pid[actor], &first);
	for (;;) {
		pid_t pid = waitpid(play->pid[actor], &status, WNOHANG);

		if (pid > 0 && WIFSTOPPED(status) &&
		    WSTOPSIG(status) == SIGSTOP)
			return ARRIVED;
		if (pid > 0 && !WIFSTOPPED(status))
			play->pid[actor] = 0;
		if (pid != 0)
			return DIED;
		if (process_peek(play->pid[actor], &now) == 0) {
			unmoved = now.state == 'S' &&
			                          now.switches == last.switches
			                  ? unmoved + 1
			                  : 0;
			last = now;
			if (unmoved >= looks)
				return ASLEEP;
			if (now.cpu_ns - first.cpu_ns > SPIN_MS * NS_PER_MS)
				return SPINNING;
		}
		nap();
	}
}

/* Lets a stopped actor run on to its next place, or to where it waits. */
static enum outcome run_on(struct play *play, unsigned actor)
{
	enum outcome outcome;

	if (ptrace(PTRACE_CONT, play->pid[actor], NULL, NULL) < 0)
		return DIED;
	outcome = watch(play, actor, LOOKS_WAITING);
	if (outcome == DIED)
		wrong(play, "an actor died");
	if (play->board->err[actor] != 0)
		wrong(play, "an operation failed");
	return outcome;
}

/* An actor that waited must now arrive. */
static void must_arrive(struct play *play, unsigned actor, const char *else_)
{
	if (!play->wrong && watch(play, actor, LOOKS_SHUT_OUT) != ARRIVED)
		wrong(play, else_);
}

/* The one inside must get out, although it may have to wait for an answer. */
static void must_leave(struct play *play, unsigned actor)
{
	enum outcome outcome = SPINNING;

	if (play->wrong)
		return;
	if (ptrace(PTRACE_CONT, play->pid[actor], NULL, NULL) < 0)
		outcome = DIED;
	for (int i = 0; i < SPINS_LEAVING && outcome == SPINNING; i++)
		outcome = watch(play, actor, LOOKS_SHUT_OUT);
	if (outcome != ARRIVED)
		wrong(play, "the one inside cannot leave");
}

/* A stopped actor must get to its next place. */
static void must_run_on(struct play *play, unsigned actor, const char *else_)
{
	if (play->wrong)
		return;
	if (ptrace(PTRACE_CONT, play->pid[actor], NULL, NULL) < 0)
		wrong(play, "an actor died");
	else
		must_arrive(play, actor, else_);
}

/*
 * A restartable sequence, rseq(2), begins again after each stop in its midst, so
 * that steps alone never lead out of it. It is recognized by going round: it is
 * compared with where it was at its last power of two of steps (Brent 1980).
 * Alone, as who is stepped is, no lock goes round.
 */
static bool goes_round(struct play *play, unsigned actor)
{
	struct round *round = &play->round;
	struct user_regs_struct now = { 0 };
	struct iovec all = { .iov_base = &now, .iov_len = sizeof(now) };

	if (ptrace(PTRACE_GETREGSET, play->pid[actor], (void *)NT_PRSTATUS,
	           &all) < 0)
		return false;
	if (memcmp(&now, &round->registers, sizeof(now)) == 0)
		return ++round->again == ROUNDS;
	round->steps++;
	if ((round->steps & (round->steps - 1)) == 0) {
		round->registers = now;
		round->again = 0;
	}
	return false;
}

/* One instruction. False when there was none left before the next place. */
static bool step(struct play *play, unsigned actor)
{
	enum where before = play->board->where[actor];
	int status;

	if (ptrace(PTRACE_SINGLESTEP, play->pid[actor], NULL, NULL) < 0 ||
	    waitpid(play->pid[actor], &status, 0) < 0 || !WIFSTOPPED(status)) {
		wrong(play, "an actor died");
		return false;
	}
	return play->board->where[actor] == before &&
	       WSTOPSIG(status) == SIGTRAP && !goes_round(play, actor);
}

/* Brings an actor on, up to where it is about to begin. */
static void enter(struct play *play, unsigned actor)
{
	struct role role = { .play = play, .self = actor };
	enum outcome outcome = DIED;

	play->pid[actor] = process_fork(act, &role);
	play->entered++;
	/* To begin may take as long as it likes: it waits for nobody. */
	if (play->pid[actor] > 0) {
		do
			outcome = watch(play, actor, LOOKS_SHUT_OUT);
		while (outcome == SPINNING);
	}
	if (outcome != ARRIVED)
		wrong(play, "an actor did not come on");
}

static void play_begin(struct play *play, const struct sync_strategy *strategy)
{
	const struct sync_ops *ops = strategy->ops;
	unsigned most = run_strategy_workers_max(strategy);
	size_t board;

	*play = (struct play){ .strategy = strategy };
	play->actors = most < ACTORS ? most : ACTORS;
	play->layout = layout_of(ops, play->actors, false);
	board = play->layout.bytes;
	if (arena_map(&play->arena, board + sizeof(struct board)) < 0) {
		wrong(play, "no memory");
		return;
	}
	play->board = at(play, board);
	if (ops->init &&
	    ops->init(at(play, play->layout.shared), play->actors) != 0)
		wrong(play, "init failed");
}

static const char *play_end(struct play *play)
{
	const struct sync_ops *ops = play->strategy->ops;

	for (unsigned i = 0; i < play->actors; i++) {
		if (play->pid[i] <= 0)
			continue;
		(void)kill(play->pid[i], SIGKILL);
		(void)process_reap(play->pid[i]);
	}
	if (play->arena.base && ops->destroy)
		ops->destroy(at(play, play->layout.shared));
	arena_unmap(&play->arena);
	return play->wrong;
}

static bool is_inside(const struct play *play, unsigned actor)
{
	return play->board->where[actor] == INSIDE;
}

/* --- exclusion ------------------------------------------------------------ */

static void leave(struct play *play, unsigned actor)
{
	if (is_inside(play, actor))
		must_leave(play, actor);
}

/* B got past A, which was stopped on its way in. A goes on. */
static void follow_winner(struct play *play, unsigned a, unsigned b)
{
	enum outcome outcome = run_on(play, a);

	if (is_inside(play, a) && is_inside(play, b))
		wrong(play, "two are inside at once");
	leave(play, b);
	if (outcome != ARRIVED)
		must_arrive(play, a, "shut out although nobody is inside");
	leave(play, a);
}

/*
 * Both wait, so one of them must get in, and then the other. It may be B, as
 * under Peterson's lock, where A has just offered it the turn. Returns whether
 * it was.
 */
static bool let_one_pass(struct play *play, unsigned a, unsigned b)
{
	if (play->wrong || watch(play, b, LOOKS_SHUT_OUT) != ARRIVED) {
		must_arrive(play, a, "neither gets in: deadlock");
		return false;
	}
	if (is_inside(play, b) && watch(play, a, LOOKS_WAITING) == ARRIVED)
		wrong(play, "two are inside at once");
	leave(play, b);
	must_arrive(play, a, "shut out although nobody is inside");
	return true;
}

/* B waits for A, which was stopped on its way in, inside, or on its way out. */
static void follow_loser(struct play *play, unsigned a, unsigned b)
{
	bool passed = false;

	while (!play->wrong && play->board->where[a] != THROUGH) {
		if (is_inside(play, a))
			must_leave(play, a);
		else if (run_on(play, a) != ARRIVED)
			passed = let_one_pass(play, a, b);
		if (!passed && is_inside(play, a) &&
		    watch(play, b, LOOKS_WAITING) == ARRIVED)
			wrong(play, "two are inside at once");
	}
	if (passed)
		return;
	must_arrive(play, b, "shut out although nobody is inside");
	leave(play, b);
}

/* A has left, B is inside: the lock must still keep others out. */
static void try_third(struct play *play, unsigned b, unsigned c)
{
	if (play->wrong || play->actors < ACTORS)
		return;
	enter(play, c);
	if (!play->wrong && run_on(play, c) == ARRIVED && is_inside(play, b))
		wrong(play, "a third gets in beside the one inside");
}

/*
 * Stops A after STEPS instructions of its way in, or of its way out when
 * LEAVING, and sends B. Returns false when A has no such instruction.
 */
static bool preempt(struct play *play, unsigned steps, bool leaving)
{
	const unsigned a = 0, b = 1, c = 2;
	bool more = true;

	enter(play, a);
	if (leaving)
		must_run_on(play, a, "alone, and does not get in");
	for (unsigned i = 0; i < steps && more && !play->wrong; i++)
		more = step(play, a);
	enter(play, b);
	if (play->wrong)
		return false;
	if (run_on(play, b) != ARRIVED) {
		follow_loser(play, a, b);
	} else if (leaving) {
		if (more)
			leave(play, a);
		try_third(play, b, c);
	} else if (is_inside(play, a)) {
		wrong(play, "two are inside at once");
	} else if (play->board->where[a] == OUTSIDE) {
		follow_winner(play, a, b);
	}
	return more;
}

/* Whoever has been inside has added one. */
static void check_total(struct play *play)
{
	uint64_t added = 0;

	for (unsigned i = 0; i < play->actors; i++)
		added += play->board->where[i] != OUTSIDE;
	if (total(play) != added)
		wrong(play, "an update is lost");
}

static const char *sweep(const struct sync_strategy *strategy, bool leaving)
{
	bool more = true;

	for (unsigned steps = 0; more && steps < STEPS_MAX; steps++) {
		struct play play;
		const char *what;

		play_begin(&play, strategy);
		more = !play.wrong && preempt(&play, steps, leaving);
		if (!play.wrong)
			check_total(&play);
		what = play_end(&play);
		if (what)
			return what;
	}
	return NULL;
}

const char *judge_excludes(const struct sync_strategy *strategy)
{
	const char *what = sweep(strategy, false);

	if (!what && strategy->ops->lock)
		what = sweep(strategy, true);
	return what;
}

/* --- the other claims ----------------------------------------------------- */

const char *judge_sleeps(const struct sync_strategy *strategy)
{
	struct play play;

	play_begin(&play, strategy);
	enter(&play, 0);
	must_run_on(&play, 0, "alone, and does not get in");
	enter(&play, 1);
	if (!play.wrong && run_on(&play, 1) != ASLEEP)
		wrong(&play, "who waits does not sleep");
	return play_end(&play);
}

/* Kills A after STEPS instructions; B must still get through. */
static bool survive(struct play *play, unsigned steps)
{
	bool more = true;
	uint64_t sum;

	enter(play, 0);
	for (unsigned i = 0; i < steps && more && !play->wrong; i++)
		more = step(play, 0);
	if (play->wrong)
		return false;
	(void)kill(play->pid[0], SIGKILL);
	(void)process_reap(play->pid[0]);
	play->pid[0] = 0;
	enter(play, 1);
	while (!play->wrong && play->board->where[1] != THROUGH)
		must_run_on(play, 1, "shut out after the other was killed");
	sum = total(play);
	if (sum < 1 || sum > 2)
		wrong(play, "the total is wrong after one was killed");
	return more;
}

const char *judge_recovers(const struct sync_strategy *strategy)
{
	bool more = true;

	for (unsigned steps = 0; more && steps < STEPS_MAX; steps++) {
		struct play play;
		const char *what;

		play_begin(&play, strategy);
		more = !play.wrong && survive(&play, steps);
		what = play_end(&play);
		if (what)
			return what;
	}
	return NULL;
}

const char *judge_fifo(const struct sync_strategy *strategy)
{
	struct play play;

	play_begin(&play, strategy);
	if (play.actors < ACTORS)
		return play_end(&play);
	enter(&play, 0);
	must_run_on(&play, 0, "alone, and does not get in");
	for (unsigned i = 1; i < ACTORS && !play.wrong; i++) {
		enter(&play, i);
		if (!play.wrong && run_on(&play, i) == ARRIVED)
			wrong(&play, "two are inside at once");
	}
	must_leave(&play, 0);
	must_arrive(&play, 1, "the first in line does not get in next");
	return play_end(&play);
}

static void trace_me(void *argument)
{
	(void)argument;
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
		(void)raise(SIGSTOP);
}

bool judge_possible(void)
{
	pid_t pid = process_fork(trace_me, NULL);
	int status;
	bool traced;

	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return false;
	traced = WIFSTOPPED(status);
	if (traced) {
		(void)kill(pid, SIGKILL);
		(void)process_reap(pid);
	}
	return traced;
}
