#include "harness/run/worker.h"

#include <sched.h>
#include <sys/resource.h>

#include "harness/base/arena.h"
#include "harness/base/clock.h"
#include "harness/base/cpus.h"

enum {
	/*
	 * The clock is read once a batch, and a batch is to last about this
	 * long: 27 ns in 20 us is a thousandth.
	 */
	BATCH_NS = 20000,
	/*
	 * Until all have started, nobody knows what an increment costs under
	 * contention. A fair spinning lock with more workers than processors
	 * hands over only when the next in line gets its time slice: with 64 on
	 * two processors an increment of each takes seconds, and a batch that
	 * had grown before would take minutes. So a lock that spins begins
	 * slowly. What sleeps is woken, and what does not lock cannot queue.
	 */
	BATCH_BEFORE_ALL = 1,
};

struct usage {
	uint64_t user_ns, system_ns, voluntary, involuntary;
};

static uint64_t ns_of(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * NS_PER_SEC +
	       (uint64_t)time->tv_usec * NS_PER_US;
}

/* Of this thread, which may be all there is. Cannot fail: the pointer is valid. */
static struct usage usage_now(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_THREAD, &usage);
	return (struct usage){
		.user_ns = ns_of(&usage.ru_utime),
		.system_ns = ns_of(&usage.ru_stime),
		.voluntary = (uint64_t)usage.ru_nvcsw,
		.involuntary = (uint64_t)usage.ru_nivcsw,
	};
}

/* Involuntary switches while at least two worked, to a batch's precision. */
struct window {
	bool open, over;
	uint64_t before, after; /* the switches so far, then */
};

static void window_watch(struct window *window, const struct worker *worker)
{
	if (!window->open && gate_window_open(worker->gate)) {
		window->open = true;
		window->before = usage_now().involuntary;
	}
	if (window->open && !window->over &&
	    gate_window_over(worker->gate, worker->ctx.workers)) {
		window->over = true;
		window->after = usage_now().involuntary;
	}
}

static uint64_t window_switches(const struct window *window,
                                const struct usage *stop)
{
	if (!window->open)
		return 0;
	return (window->over ? window->after : stop->involuntary) -
	       window->before;
}

static int run_loop(struct worker *worker, uint64_t times, uint64_t *done)
{
	const struct sync_strategy *strategy = worker->strategy;

	return worker->probing ? strategy->probed(&worker->ctx, worker->counter,
	                                          times, done, &worker->probe)
	                       : strategy->loop(&worker->ctx, worker->counter,
	                                        times, done);
}

/* One batch. What is begun and not done is what a crash may have cost. */
static int run_batch(struct worker *worker, uint64_t times, uint64_t *left)
{
	struct slot *slot = worker->slot;
	uint64_t done;
	int err;

	__atomic_store_n(&slot->begun, slot->begun + times, __ATOMIC_RELAXED);
	err = run_loop(worker, times, &done);
	__atomic_store_n(&slot->done, slot->done + done, __ATOMIC_RELAXED);
	*left -= done;
	return err;
}

static uint64_t next_batch(uint64_t batch, uint64_t took_ns)
{
	if (took_ns < BATCH_NS / 2)
		return batch * 2;
	if (took_ns > BATCH_NS * UINT64_C(2) && batch > 1)
		return batch / 2;
	return batch;
}

static bool may_queue(const struct sync_ops *ops)
{
	return ops->lock && (ops->claims & SYNC_EXCLUDES) &&
	       !(ops->claims & SYNC_SLEEPS);
}

/* Small batches, with a clock that is cheap and late, until all have started. */
static int work_until_all(struct worker *worker, uint64_t stop_at,
                          uint64_t *left, struct window *window)
{
	int err = 0;

	while (!err && *left > 0 && clock_coarse_ns() < stop_at &&
	       !gate_all_started(worker->gate, worker->ctx.workers)) {
		window_watch(window, worker);
		err = run_batch(worker, BATCH_BEFORE_ALL, left);
	}
	return err;
}

/* Batches until the time is over, the count is reached, or one fails. */
static int work(struct worker *worker, uint64_t deadline_ns,
                struct window *window)
{
	uint64_t stop_at =
	        worker->time_ns ? deadline_ns + worker->time_ns : UINT64_MAX;
	uint64_t left = worker->count ? worker->count : UINT64_MAX;
	uint64_t batch = 1, before, now;
	int err = 0;

	if (may_queue(worker->strategy->ops))
		err = work_until_all(worker, stop_at, &left, window);
	now = clock_now_ns();
	while (!err && left > 0 && now < stop_at) {
		window_watch(window, worker);
		err = run_batch(worker, batch < left ? batch : left, &left);
		before = now;
		now = clock_now_ns();
		batch = next_batch(batch, now - before);
	}
	return err;
}

static void report(struct slot *slot, const struct usage *start,
                   const struct usage *stop, const struct window *window)
{
	slot->user_ns = stop->user_ns - start->user_ns;
	slot->system_ns = stop->system_ns - start->system_ns;
	slot->voluntary = stop->voluntary - start->voluntary;
	slot->involuntary = stop->involuntary - start->involuntary;
	slot->preempted = window_switches(window, stop);
	slot->cpu = sched_getcpu();
	slot->finished = true;
}

static int timed(struct worker *worker)
{
	struct slot *slot = worker->slot;
	struct window window = { 0 };
	struct usage start, stop;
	uint64_t deadline_ns;
	int err;

	deadline_ns =
	        gate_pass(worker->gate, worker->ctx.workers, worker->cpus);
	start = usage_now();
	if (worker->events)
		counters_start();
	slot->started = true;
	gate_start(worker->gate);
	slot->start_ns = clock_now_ns();
	err = work(worker, deadline_ns, &window);
	slot->stop_ns = clock_now_ns();
	if (worker->events)
		counters_stop();
	gate_stop(worker->gate);
	stop = usage_now();
	if (worker->events)
		counters_read(&worker->counters, slot->count);
	report(slot, &start, &stop, &window);
	return err;
}

/* Everything that costs something only the first time. */
static int prepare(struct worker *worker)
{
	const struct sync_ops *ops = worker->strategy->ops;
	uint64_t done;
	int err = 0;

	if (worker->cpu >= 0)
		err = cpus_bind((unsigned)worker->cpu);
	if (err)
		return err;
	arena_touch(worker->common, worker->common_bytes);
	arena_touch(worker->slot, sizeof(*worker->slot));
	arena_touch(worker->ctx.mine, worker->mine_bytes);
	(void)usage_now();
	(void)clock_now_ns();
	if (worker->events)
		counters_open(&worker->counters, worker->events,
		              counters_perf_open);
	if (ops->attach)
		err = ops->attach(&worker->ctx);
	if (err)
		return err;
	if (worker->probe.notes)
		arena_touch(worker->probe.notes, sizeof(struct sync_notes));
	return run_loop(worker, 0, &done);
}

void worker_main(void *argument)
{
	struct worker *worker = argument;
	const struct sync_ops *ops = worker->strategy->ops;

	worker->slot->err = prepare(worker);
	if (worker->slot->err)
		return;
	worker->slot->err = timed(worker);
	if (worker->events)
		counters_close(&worker->counters);
	if (ops->detach)
		ops->detach(&worker->ctx);
}
