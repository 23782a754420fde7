#include "tests/bench/entry.h"

#include <errno.h>
#include <stdlib.h>

#include "harness/base/clock.h"
#include "harness/run/layout.h"

/*
 * Many short trials give a narrower interval than few long ones that take as
 * long together; shorter than this, a time slice of somebody else is too much.
 */
static const uint64_t trial_ns = 20 * NS_PER_MS;

static int trial(const struct entry *entry, const struct run_trial *trial,
                 struct run_measures *measures)
{
	struct run_result *result;
	int err = run_trial(entry->run, trial, &result, entry->complaint);

	if (err)
		return err;
	*measures = run_measure(result);
	free(result);
	complain(entry->complaint, entry->strategy->name, "a worker was lost");
	return measures->valid ? 0 : -ECHILD;
}

int entry_trial(const struct contest *contest, double *cost)
{
	const struct entry *entry = contest->entry;
	struct run_measures measures;
	int err = trial(entry,
	                &(struct run_trial){
	                        .strategy = entry->strategy,
	                        .workers = contest->workers,
	                        .time_ns = trial_ns,
	                },
	                &measures);

	*cost = err ? 0 : measures.ns_per_increment;
	return err;
}

/* The lines that the harness would use: see floor.h. */
static struct floor_place place_of(const struct entry *entry,
                                   const struct sync_ops *ops, unsigned workers)
{
	struct layout layout = layout_of(ops, workers, false);
	char *base = entry->run->arena.base;

	return (struct floor_place){
		.counter = (uint64_t *)(void *)(base + layout.counter),
		.room = base + layout.shared,
		.mine = base + layout.mine,
		.mine_stride = layout.mine_stride,
	};
}

int entry_floor(const struct contest *contest, double *cost)
{
	const struct entry *entry = contest->entry;

	return floor_trial(
	        entry->floor,
	        place_of(entry, entry->strategy->ops, contest->workers),
	        contest->workers, trial_ns, cost);
}

int entry_plain(const struct contest *contest, double *cost)
{
	const struct entry *entry = contest->entry;
	const struct sync_strategy *none = run_strategy(floor_none.name);

	return floor_trial(&floor_none, place_of(entry, none->ops, 1), 1,
	                   trial_ns, cost);
}

static double each_since(uint64_t start_ns, unsigned workers)
{
	return (double)(clock_now_ns() - start_ns) / workers;
}

static int crowd(const struct entry *entry, struct run_measures *measures)
{
	return trial(entry,
	             &(struct run_trial){
	                     .strategy = entry->strategy,
	                     .workers = ENTRY_CROWD,
	                     .count = 1,
	             },
	             measures);
}

int entry_skew(const struct entry *entry, uint64_t *skew_ns)
{
	struct run_measures measures;
	int err = crowd(entry, &measures);

	*skew_ns = err ? 0 : measures.skew_ns;
	return err;
}

int entry_crowd(const struct contest *contest, double *cost)
{
	const struct entry *entry = contest->entry;
	uint64_t start = clock_now_ns();
	struct run_measures measures;
	int err = crowd(entry, &measures);

	*cost = each_since(start, contest->workers);
	return err;
}

int entry_bare_crowd(const struct contest *contest, double *cost)
{
	uint64_t start = clock_now_ns();
	int err = floor_crowd(contest->workers);

	*cost = each_since(start, contest->workers);
	return err;
}
