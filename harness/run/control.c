#include "harness/run/control.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/median.h"

enum {
	EMPTY_MS = 10,
	/* Until each had its first time slice, a crowd is not at work. */
	EMPTY_CROWDED_MS = 100,
	ROUNDS = 4, /* even: with two CPUs each has as many turns alone */
	TIMER_READS = 1001,
	WORK_TURNS = 200000,
	WORK_GOES = 15,
};

/* Opaque, or the compiler would count the turns without making them. */
static int empty_add(struct sync_ctx *ctx, uint64_t *counter)
{
	(void)ctx;
	(void)counter;
	(void)cpu_opaque(0);
	return 0;
}

/* Not sync_empty: that name is for sync/empty.c, should there ever be one. */
SYNC_STRATEGY(control_empty) = {
	.summary = "the loop with nothing in it",
	.source = "LiTL's empty lock",
	.add = empty_add,
};

const struct sync_ops *control_empty_ops(void)
{
	return sync_control_empty.ops;
}

double control_timer_ns(void)
{
	double cost[TIMER_READS];
	uint64_t before = clock_now_ns();

	for (size_t i = 0; i < TIMER_READS; i++) {
		uint64_t now = clock_now_ns();

		cost[i] = (double)(now - before);
		before = now;
	}
	return median_of(cost, TIMER_READS);
}

double control_ticks_ns(double ns_per_tick)
{
	double cost[TIMER_READS];

	for (size_t i = 0; i < TIMER_READS; i++) {
		uint64_t before = cpu_ticks();

		cost[i] = (double)(cpu_ticks() - before);
	}
	return median_of(cost, TIMER_READS) * ns_per_tick;
}

double control_turns_per_ns(void)
{
	double best = 0;

	for (int i = 0; i < WORK_GOES; i++) {
		uint64_t before = clock_now_ns();
		double turns;

		cpu_work(WORK_TURNS);
		turns = (double)WORK_TURNS / (double)(clock_now_ns() - before);
		best = turns > best ? turns : best;
	}
	return best;
}

static int empty_trial(struct run *run, unsigned workers, uint64_t time_ns,
                       const struct run_spec *place, double *ns,
                       struct complaint *complaint)
{
	struct run_trial trial = {
		.strategy = &sync_control_empty,
		.workers = workers,
		.pin = place ? RUN_PIN_LIST : run->spec->pins[0],
		.time_ns = time_ns,
		.place = place,
	};
	struct run_result *result;
	int err = run_trial(run, &trial, &result, complaint);

	if (err)
		return err;
	*ns = run_measure(result).ns_per_increment;
	free(result);
	return 0;
}

int control_empty_ns(struct run *run, unsigned workers, double *ns,
                     struct complaint *complaint)
{
	bool crowded =
	        workers > run_cpus_used(run->spec, run->spec->pins[0], workers);

	return empty_trial(run, workers,
	                   (crowded ? EMPTY_CROWDED_MS : EMPTY_MS) * NS_PER_MS,
	                   NULL, ns, complaint);
}

/* The empty loop on CPU alone, and on all of the CPUs of PLACE. */
static int one_round(struct run *run, struct run_spec *place, unsigned cpu,
                     double *alone, double *together,
                     struct complaint *complaint)
{
	struct run_spec one = {
		.cpus = { .count = 1, .cpu = { cpu } },
	};
	int err = empty_trial(run, 1, EMPTY_MS * NS_PER_MS, &one, alone,
	                      complaint);

	if (err)
		return err;
	return empty_trial(run, place->cpus.count, EMPTY_MS * NS_PER_MS, place,
	                   together, complaint);
}

int control_parallelism(struct run *run, double *parallelism,
                        struct complaint *complaint)
{
	struct run_spec place = { 0 };
	double alone[ROUNDS], together[ROUNDS];
	int err = cpus_allowed(&place.cpus);

	*parallelism = 0;
	if (err) {
		complain(complaint, "the CPUs allowed", "%s", strerror(-err));
		return err;
	}
	if (place.cpus.count > RUN_WORKERS_MAX)
		place.cpus.count = RUN_WORKERS_MAX;
	/* One CPU may be slower than another: each has its turn alone. */
	for (unsigned i = 0; i < ROUNDS && !err; i++)
		err = one_round(run, &place,
		                place.cpus.cpu[i % place.cpus.count], &alone[i],
		                &together[i], complaint);
	if (err)
		return err;
	*parallelism = median_of(alone, ROUNDS) / median_of(together, ROUNDS);
	if (!(*parallelism > 0))
		*parallelism = 0; /* NAN: a worker was killed, say */
	if (*parallelism > place.cpus.count)
		*parallelism = place.cpus.count; /* more is noise */
	return 0;
}
