#include "harness/run/control.h"

#include <stdlib.h>

#include "harness/base/clock.h"
#include "harness/base/median.h"

enum {
	EMPTY_MS = 10,
	ROUNDS = 3,
	TIMER_READS = 1001,
};

/* Opaque, or the compiler would count the turns without making them. */
static int empty_add(struct sync_ctx *ctx, uint64_t *counter)
{
	(void)ctx;
	(void)counter;
	(void)cpu_opaque(0);
	return 0;
}

SYNC_STRATEGY(empty) = {
	.summary = "the loop with nothing in it",
	.source = "LiTL's empty lock",
	.add = empty_add,
};

const struct sync_ops *control_empty_ops(void)
{
	return sync_empty.ops;
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

int control_empty_ns(struct run *run, unsigned workers, double *ns,
                     struct complaint *complaint)
{
	struct run_trial trial = {
		.strategy = &sync_empty,
		.workers = workers,
		.time_ns = EMPTY_MS * NS_PER_MS,
	};
	struct run_result *result;
	int err = run_trial(run, &trial, &result, complaint);

	if (err)
		return err;
	*ns = run_measure(result).ns_per_increment;
	free(result);
	return 0;
}

int control_parallelism(struct run *run, double *parallelism,
                        struct complaint *complaint)
{
	unsigned all = run_cpus_used(run->spec, run->spec->cpus.count);
	double ratio[ROUNDS], alone, together;
	int err;

	for (int i = 0; i < ROUNDS; i++) {
		err = control_empty_ns(run, 1, &alone, complaint);
		if (!err)
			err = control_empty_ns(run, all, &together, complaint);
		if (err)
			return err;
		ratio[i] = alone / together;
	}
	*parallelism = median_of(ratio, ROUNDS);
	if (!(*parallelism > 0))
		*parallelism = 0; /* NAN: a worker was killed, say */
	return 0;
}
