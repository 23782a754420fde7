/*
 * What a synchronization strategy is, and the loop in which it is timed.
 *
 * A strategy is one file in this folder. It fills in a struct sync_ops and
 * ends with
 *
 *	SYNC_STRATEGY(ticket) = {
 *		.summary = "ticket lock: take a number, wait for it",
 *		.claims = SYNC_EXCLUDES | SYNC_FIFO,
 *		.shared_size = sizeof(struct ticket),
 *		.lock = ticket_lock,
 *		.unlock = ticket_unlock,
 *	};
 *
 * The name is the file's name. Dropping the file into the folder is all the
 * registration there is: the Makefile writes the table from the listing.
 *
 * Who calls what, and when:
 *
 *	init, destroy    the parent, alone: before the first fork, and after the
 *	                 last wait. A helper process that inherited the mapping
 *	                 may call destroy instead, if the parent was killed.
 *	attach, detach   each worker, once; any number at the same time
 *	lock, unlock     each worker, any number of times; at the same time
 *	add              the same
 *	total            the parent, alone, after the last wait
 *
 * Every function that returns an int returns 0 or a negative errno.
 * This header and the strategies use libc and nothing else.
 */
#ifndef SYNC_SYNC_H
#define SYNC_SYNC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/cpu.h"
#include "sync/probe.h"

/* What a strategy promises. Each claim selects the tests that prove it. */
enum sync_claim {
	SYNC_EXCLUDES = 1u << 0, /* no update is ever lost */
	SYNC_SLEEPS = 1u << 1,   /* waits in the kernel, not by spinning */
	SYNC_RECOVERS = 1u << 2, /* outlives a worker killed inside */
	SYNC_FIFO = 1u << 3,     /* first come, first served */
};

/* One worker's view. The harness owns the memory; both parts start zeroed. */
struct sync_ctx {
	void *shared; /* shared_size bytes that all workers see */
	/*
	 * mine_size bytes on cache lines of this worker's own. They lie in the
	 * shared mapping, too: others may write there, as queue locks do. The
	 * strategy may put another address here, as clh does.
	 */
	void *mine;
	/*
	 * The strategy's alone: what lock leaves for unlock. Starts as NULL. In
	 * the timed loop it is a register, where a word of mine is a store.
	 */
	void *note;
	unsigned self;    /* which worker this is, from 0 */
	unsigned workers; /* how many there are */
};

struct sync_ops {
	const char *summary;  /* one line, for people */
	const char *source;   /* where the algorithm comes from */
	const char *needs;    /* what not every machine has; NULL: nothing */
	unsigned claims;      /* of enum sync_claim */
	bool demo;            /* broken on purpose: runs only by name */
	unsigned max_workers; /* 0: as many as the harness can run */
	unsigned lag; /* increments of each worker that the counter may not
	                 show yet; 0: none */
	size_t shared_size, mine_size;

	int (*init)(void *shared, unsigned workers);
	int (*attach)(struct sync_ctx *ctx);
	void (*detach)(struct sync_ctx *ctx);
	/* Copes with whatever init left, also when init failed half-way. */
	void (*destroy)(void *shared);

	/* Either these two ... */
	int (*lock)(struct sync_ctx *ctx);
	int (*unlock)(struct sync_ctx *ctx);
	/* ... or the whole increment at once. */
	int (*add)(struct sync_ctx *ctx, uint64_t *counter);

	/* Only for split counters: what they add up to. */
	uint64_t (*total)(const void *shared, unsigned workers,
	                  const uint64_t *counter);
};

/*
 * Increments TIMES times, or until an operation fails, and stores the number
 * of finished increments in *done. Returns 0 or what the operation returned.
 */
typedef int sync_loop_fn(struct sync_ctx *ctx, uint64_t *counter,
                         uint64_t times, uint64_t *done);

/* The same, noting down how each increment went: see sync/probe.h. */
typedef int sync_probed_fn(struct sync_ctx *ctx, uint64_t *counter,
                           uint64_t times, uint64_t *done,
                           const struct sync_probe *probe);

struct sync_strategy {
	const char *name;
	const struct sync_ops *ops;
	sync_loop_fn *loop;
	sync_probed_fn *probed;
};

/* The registry: every strategy in sync/, sorted by name. Generated. */
extern const struct sync_strategy *const sync_registry[];
extern const size_t sync_registry_count;

/*
 * The increment that locks protect, and that is a race without one: a load, an
 * add and a store. Volatile, because a plain counter in a loop is hoisted at
 * -O2 to one add of K; opaque in between, because some compilers fuse the three
 * into one instruction, which a single processor cannot interrupt.
 */
static inline void sync_increment(uint64_t *counter)
{
	uint64_t seen = *(volatile uint64_t *)counter;

	*(volatile uint64_t *)counter = cpu_opaque(seen) + 1;
}

/*
 * Not "unlikely" but "as good as never": with a plain __builtin_expect, one in
 * ten, gcc takes the loop for a short one and does not align it.
 */
#define SYNC_SELDOM(what) \
	__builtin_expect_with_probability((what) != 0, 0, 0.999999)

/*
 * One increment under OPS, which is a constant that is filled in further down:
 * an analyzer that stops here takes lock for null.
 */
static inline __attribute__((always_inline)) int sync_once(
        const struct sync_ops *ops, struct sync_ctx *ctx, uint64_t *counter)
{
	int err;

	if (ops->add)
		return ops->add(ctx, counter);
	/* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): see above */
	err = ops->lock(ctx);
	if (SYNC_SELDOM(err))
		return err;
	sync_increment(counter);
	return ops->unlock(ctx);
}

/*
 * The timed loop: the strategy and nothing else. It is inlined into each
 * strategy's own file, where OPS is a constant, so that the calls through the
 * table become direct ones or disappear. The context is copied, so that what a
 * strategy reads from it in every increment can stay in registers.
 */
static inline __attribute__((always_inline)) int sync_loop(
        const struct sync_ops *ops, struct sync_ctx *ctx, uint64_t *counter,
        uint64_t times, uint64_t *done)
{
	struct sync_ctx here = *ctx;
	uint64_t i;
	int err = 0;

	for (i = 0; i < times; i++) {
		err = sync_once(ops, &here, counter);
		if (SYNC_SELDOM(err))
			break;
	}
	*ctx = here;
	*done = i;
	return err;
}

static inline __attribute__((always_inline)) int sync_probed_once(
        const struct sync_ops *ops, struct sync_ctx *ctx, uint64_t *counter,
        const struct sync_probe *probe)
{
	int err;

	if (ops->add)
		return ops->add(ctx, counter);
	/* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): as sync_once */
	err = ops->lock(ctx);
	if (SYNC_SELDOM(err))
		return err;
	sync_probed_increment(probe, ctx->self, counter);
	return ops->unlock(ctx);
}

/* The loop as a probe. */
static inline __attribute__((always_inline)) int sync_probed(
        const struct sync_ops *ops, struct sync_ctx *ctx, uint64_t *counter,
        uint64_t times, uint64_t *done, const struct sync_probe *probe)
{
	uint64_t i, before = 0;
	int err = 0;

	for (i = 0; i < times; i++) {
		if (probe->timed)
			before = cpu_ticks();
		err = sync_probed_once(ops, ctx, counter, probe);
		if (SYNC_SELDOM(err))
			break;
		if (probe->timed)
			sync_note_latency(probe->notes, cpu_ticks() - before);
		cpu_work(probe->outside);
	}
	*done = i;
	return err;
}

/*
 * Opens with a tentative definition, so that the loop can name a table which
 * the file only fills in after the macro. The timed loop is flat, because gcc
 * does not inline by itself what is longer than a few instructions, and a lock
 * that is called has its context in memory.
 */
#define SYNC_STRATEGY(id)                                                     \
	static const struct sync_ops sync_ops_##id;                           \
	__attribute__((flatten)) static int sync_loop_##id(                   \
	        struct sync_ctx *ctx, uint64_t *counter, uint64_t times,      \
	        uint64_t *done)                                               \
	{                                                                     \
		return sync_loop(&sync_ops_##id, ctx, counter, times, done);  \
	}                                                                     \
	static int sync_probed_##id(struct sync_ctx *ctx, uint64_t *counter,  \
	                            uint64_t times, uint64_t *done,           \
	                            const struct sync_probe *probe)           \
	{                                                                     \
		return sync_probed(&sync_ops_##id, ctx, counter, times, done, \
		                   probe);                                    \
	}                                                                     \
	extern const struct sync_strategy sync_##id;                          \
	const struct sync_strategy sync_##id = { #id, &sync_ops_##id,         \
		                                 sync_loop_##id,              \
		                                 sync_probed_##id };          \
	static const struct sync_ops sync_ops_##id

#endif
