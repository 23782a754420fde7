#include "harness/run/sharing.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/process.h"
#include "harness/run/crew.h"
#include "harness/run/layout.h"
#include "harness/run/setting.h"

enum {
	PAIR = 2,
	LOOK_MS = 1, /* from one look to the next */
	/* Whoever wants to get in waits: asleep for so many looks in a row, or
	   busy for so long, or with so many turns on a CPU. */
	WAITS_LOOKS = 3,
	WAITS_CPU_MS = 3,
	WAITS_TURNS = 32,
	/* Whoever should do something hangs: the same, with more patience. */
	HANGS_LOOKS = 300,
	HANGS_CPU_MS = 300,
};

/* What one of the two tells, in shared memory; each field once, atomically. */
struct seat {
	pid_t thread;
	unsigned trying; /* calls lock next, and nothing in between */
	unsigned inside; /* a futex */
	unsigned done;   /* increments */
};

/* What is seen of one of them, by looks. */
struct sight {
	struct process_peek first, last;
	unsigned asleep; /* looks in a row */
	bool seen;
};

struct pair {
	struct run *run;
	const struct sync_strategy *strategy;
	struct layout layout;
	struct arena arena; /* the seats; not in what is to be checked */
	struct seat *seat;
	struct crew crew;
};

/* One of them, as its body's argument. */
struct part {
	struct pair *pair;
	unsigned self;
	void *(*body)(void *part);
};

static bool as_threads(const struct pair *pair)
{
	return pair->run->spec->as == RUN_AS_THREADS;
}

static void *at(const struct pair *pair, size_t offset)
{
	return (char *)pair->run->arena.base + offset;
}

static void tell(unsigned *what)
{
	__atomic_store_n(what, 1, __ATOMIC_RELEASE);
}

static bool told(const unsigned *what)
{
	return __atomic_load_n(what, __ATOMIC_ACQUIRE);
}

/* --- what the two do ------------------------------------------------------ */

static int enter(const struct part *part, struct sync_ctx *ctx)
{
	const struct pair *pair = part->pair;
	const struct layout *layout = &pair->layout;
	const struct sync_ops *ops = pair->strategy->ops;

	__atomic_store_n(&pair->seat[part->self].thread, gettid(),
	                 __ATOMIC_RELAXED);
	*ctx = (struct sync_ctx){
		.shared = at(pair, layout->shared),
		.mine = at(pair,
		           layout->mine + part->self * layout->mine_stride),
		.self = part->self,
		.workers = PAIR,
	};
	return ops->attach ? ops->attach(ctx) : 0;
}

static void *count_once(void *argument)
{
	const struct part *part = argument;
	const struct pair *pair = part->pair;
	struct layout_counter *counter = at(pair, pair->layout.counter);
	struct sync_ctx ctx;
	uint64_t done;

	if (enter(part, &ctx) ||
	    pair->strategy->loop(&ctx, &counter->counter, 1, &done))
		return NULL;
	if (pair->strategy->ops->detach)
		pair->strategy->ops->detach(&ctx);
	tell(&pair->seat[part->self].done);
	return NULL;
}

/* The first of the two stays inside; its end is that of the process. */
static void *hold(void *argument)
{
	const struct part *part = argument;
	struct seat *seat = &part->pair->seat[part->self];
	struct sync_ctx ctx;

	if (enter(part, &ctx) == 0 &&
	    part->pair->strategy->ops->lock(&ctx) == 0) {
		tell(&seat->inside);
		(void)syscall(SYS_futex, &seat->inside, FUTEX_WAKE, INT_MAX,
		              NULL, NULL, 0);
		for (;;)
			(void)pause();
	}
	_exit(0);
}

/* The other wants to get in once the first is. */
static void *intrude(void *argument)
{
	const struct part *part = argument;
	struct seat *seat = &part->pair->seat[part->self];
	struct seat *first = &part->pair->seat[0];
	struct sync_ctx ctx;

	if (enter(part, &ctx) == 0) {
		while (!told(&first->inside))
			(void)syscall(SYS_futex, &first->inside, FUTEX_WAIT, 0,
			              NULL, NULL, 0);
		tell(&seat->trying);
		if (part->pair->strategy->ops->lock(&ctx) == 0)
			tell(&seat->inside);
	}
	_exit(0);
}

static void run_part(void *argument)
{
	struct part *part = argument;

	(void)part->body(part);
}

/* The carrier of the two threads, one after the other. */
static void run_in_turn(void *argument)
{
	struct part *part = argument;
	pthread_t thread;

	for (unsigned i = 0; i < PAIR; i++) {
		if (pthread_create(&thread, NULL, part[i].body, &part[i]))
			_exit(0);
		(void)pthread_join(thread, NULL);
	}
}

/* The same, at once: whichever ends, ends the process. */
static void run_together(void *argument)
{
	struct part *part = argument;
	pthread_t thread;

	for (unsigned i = 0; i < PAIR; i++) {
		if (pthread_create(&thread, NULL, part[i].body, &part[i]))
			_exit(0);
	}
	for (;;)
		(void)pause();
}

/* --- what we see of them -------------------------------------------------- */

static int peek(const struct pair *pair, unsigned which,
                struct process_peek *now)
{
	pid_t pid = crew_member_of(&pair->crew, which)->pid;
	pid_t thread =
	        __atomic_load_n(&pair->seat[which].thread, __ATOMIC_RELAXED);

	if (!as_threads(pair))
		return process_peek(pid, now);
	return thread ? process_peek_thread(pid, thread, now) : -EAGAIN;
}

/* Another look. Who is not there any more might as well be asleep. */
static void look(const struct pair *pair, unsigned which, struct sight *sight)
{
	struct process_peek now;
	int err = peek(pair, which, &now);
	bool still = err == -ESRCH;

	if (err == 0) {
		if (!sight->seen)
			sight->first = now;
		still = sight->seen && now.state != 'R' &&
		        now.switches == sight->last.switches &&
		        now.cpu_ns == sight->last.cpu_ns;
		sight->last = now;
		sight->seen = true;
	}
	sight->asleep = still ? sight->asleep + 1 : 0;
}

static uint64_t spent_ns(const struct sight *sight)
{
	return sight->last.cpu_ns - sight->first.cpu_ns;
}

static bool waits(const struct sight *sight)
{
	return (sight->last.state == 'S' && sight->asleep >= WAITS_LOOKS) ||
	       spent_ns(sight) >= WAITS_CPU_MS * NS_PER_MS ||
	       sight->last.switches - sight->first.switches >= WAITS_TURNS;
}

static bool hangs(const struct sight *sight)
{
	return sight->asleep >= HANGS_LOOKS ||
	       spent_ns(sight) >= HANGS_CPU_MS * NS_PER_MS;
}

/* Waits for a look or an end. Returns an event or -errno. */
static int next(struct pair *pair)
{
	unsigned which;
	int event = crew_wait(&pair->crew, LOOK_MS, &which);

	if (event != CREW_SIGNAL)
		return event;
	signals_take(&pair->run->signals);
	return -EINTR;
}

/* --- the counter ---------------------------------------------------------- */

/* Until all that was started has ended. 1: it hangs. */
static int wait_for_end(struct pair *pair)
{
	struct sight sight[PAIR] = { 0 };

	while (pair->crew.alive > 0) {
		unsigned which = told(&pair->seat[0].done);
		int event;

		look(pair, as_threads(pair) ? which : 0, &sight[which]);
		if (hangs(&sight[which]))
			return 1;
		event = next(pair);
		if (event < 0)
			return event;
	}
	return 0;
}

static int run_process(struct pair *pair, process_body *body, void *argument)
{
	int err = crew_begin(&pair->crew, as_threads(pair) ? PAIR : 1,
	                     as_threads(pair), pair->run->signals.fd);

	if (!err)
		err = crew_fork(&pair->crew, body, argument);
	if (!err)
		err = crew_watch(&pair->crew);
	if (!err)
		err = wait_for_end(pair);
	crew_end(&pair->crew);
	return err;
}

static int count_in_turn(struct pair *pair, struct part *part)
{
	int err = 0;

	part[0].body = part[1].body = count_once;
	if (as_threads(pair))
		return run_process(pair, run_in_turn, part);
	for (unsigned i = 0; i < PAIR && !err; i++)
		err = run_process(pair, run_part, &part[i]);
	return err;
}

static uint64_t total_of(const struct pair *pair)
{
	const struct sync_ops *ops = pair->strategy->ops;
	const struct layout_counter *counter = at(pair, pair->layout.counter);

	return ops->total ? ops->total(at(pair, pair->layout.shared), PAIR,
	                               &counter->counter)
	                  : counter->counter;
}

static int check_counter(struct pair *pair, struct part *part,
                         struct complaint *complaint)
{
	int err = count_in_turn(pair, part);

	if (err)
		return err < 0 ? err : 0;
	if (!told(&pair->seat[0].done) || !told(&pair->seat[1].done) ||
	    total_of(pair) >= PAIR)
		return 0;
	complain(complaint, pair->strategy->name,
	         "the counter is not shared between the workers: two that "
	         "added 1 each, one after the other, come to %llu",
	         (unsigned long long)total_of(pair));
	complain_cure(complaint, "what they count in must lie in the memory "
	                         "that they are given: ctx->shared, ctx->mine "
	                         "or *counter");
	return -EXDEV;
}

/* --- the lock ------------------------------------------------------------- */

static int fork_pair(struct pair *pair, struct part *part)
{
	int err = crew_begin(&pair->crew, PAIR, as_threads(pair),
	                     pair->run->signals.fd);

	part[0].body = hold;
	part[1].body = intrude;
	if (!err && as_threads(pair))
		err = crew_fork(&pair->crew, run_together, part);
	for (unsigned i = 0; i < PAIR && !err && !as_threads(pair); i++)
		err = crew_fork(&pair->crew, run_part, &part[i]);
	return err ? err : crew_watch(&pair->crew);
}

/* 0: the second waits for the first, or nobody can tell. 1: it is in, too. */
static int see_who_is_in(struct pair *pair)
{
	const struct seat *seat = pair->seat;
	struct sight first = { 0 }, second = { 0 }, trying = { 0 };

	for (;;) {
		int event = next(pair);

		if (event < 0)
			return event;
		if (told(&seat[1].inside))
			return 1;
		if (event == CREW_ENDED)
			return 0;
		if (told(&seat[1].trying))
			look(pair, 1, &trying);
		else if (told(&seat[0].inside))
			look(pair, 1, &second);
		else
			look(pair, 0, &first);
		if (waits(&trying) || hangs(&trying) || hangs(&first) ||
		    hangs(&second))
			return told(&seat[1].inside);
	}
}

static int check_lock(struct pair *pair, struct part *part,
                      struct complaint *complaint)
{
	int err = fork_pair(pair, part);

	if (!err)
		err = see_who_is_in(pair);
	crew_end(&pair->crew);
	if (err <= 0)
		return err;
	complain(complaint, pair->strategy->name,
	         "the lock is not shared between the workers: one got in "
	         "while another was inside");
	complain_cure(complaint,
	              "it must lie in ctx->shared, and be made for "
	              "use between %s",
	              run_as_name(pair->run->spec->as));
	return -EXDEV;
}

/* --- both ----------------------------------------------------------------- */

typedef int check_fn(struct pair *pair, struct part *part,
                     struct complaint *complaint);

static int check(struct pair *pair, check_fn *how, struct complaint *complaint)
{
	struct part part[PAIR] = { { pair, 0, NULL }, { pair, 1, NULL } };
	int err = setting_begin(pair->run, pair->strategy, &pair->layout, PAIR,
	                        complaint);

	memset(pair->seat, 0, PAIR * sizeof(*pair->seat));
	if (!err) {
		err = how(pair, part, complaint);
		if (err && err != -EXDEV)
			complain(complaint, pair->strategy->name,
			         "starting two workers: %s", strerror(-err));
	}
	setting_end(pair->run, pair->strategy, &pair->layout);
	return err;
}

int sharing_check(struct run *run, const struct sync_strategy *strategy,
                  struct complaint *complaint)
{
	const struct sync_ops *ops = strategy->ops;
	struct pair pair = {
		.run = run,
		.strategy = strategy,
		.layout = layout_of(ops, PAIR, false),
		.crew = { .poll = -1 },
	};
	int err = arena_map(&pair.arena, PAIR * sizeof(*pair.seat));

	if (err) {
		complain(complaint, strategy->name, "%s", strerror(-err));
		return err;
	}
	pair.seat = pair.arena.base;
	err = check(&pair, check_counter, complaint);
	if (!err && ops->lock && (ops->claims & SYNC_EXCLUDES))
		err = check(&pair, check_lock, complaint);
	arena_unmap(&pair.arena);
	return err;
}
