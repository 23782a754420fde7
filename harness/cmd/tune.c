#include "harness/cmd/tune.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/base/clock.h"
#include "harness/cmd/cmd.h"
#include "harness/run/control.h"
#include "harness/run/run.h"
#include "harness/view/loss.h"

enum { TUNE_TRIALS = 5, TUNE_MS = 50 };

struct tuning {
	struct run run;
	const struct run_spec *spec;
	double wanted; /* share */
	/* The best so far, by what the luckiest trial lost. */
	double least, empty_ns;
	unsigned window_ns;
	uint64_t count;
	struct comparison_cell cell; /* of the last window, for why not */
};

static struct run_trial tuned_trial(const struct tuning *tuning,
                                    unsigned window_ns)
{
	const struct run_spec *spec = tuning->spec;

	return (struct run_trial){
		.strategy = spec->strategies[0],
		.workers = spec->workers[0],
		.pin = spec->pins[0],
		.inside_ns = window_ns,
		.outside_ns = spec->outside_ns[0],
	};
}

/* One trial: what was lost, and what each worker did. */
static int measure(struct tuning *tuning, const struct run_trial *trial,
                   struct run_measures *measures, struct complaint *complaint)
{
	struct run_result *result;
	int err = run_trial(&tuning->run, trial, &result, complaint);

	if (err)
		return err;
	*measures = run_measure(result);
	tuning->cell.cpus = result->cpus;
	free(result);
	complain(complaint, trial->strategy->name, "a worker was lost");
	return measures->valid ? 0 : -ECHILD;
}

static void note(struct comparison_cell *cell,
                 const struct run_measures *measures)
{
	cell->trials++;
	cell->insufficient += measures->evidence == EVIDENCE_INSUFFICIENT;
	cell->ns.median = measures->ns_per_increment;
}

/* The least that is lost with this window in so many trials of one count. */
static int try_window(struct tuning *tuning, unsigned window_ns,
                      struct complaint *complaint)
{
	struct run_trial trial = tuned_trial(tuning, window_ns);
	struct run_measures measures;
	double least = 1;
	int err;

	trial.time_ns = TUNE_MS * NS_PER_MS;
	err = measure(tuning, &trial, &measures, complaint);
	trial.time_ns = 0;
	trial.count = measures.expected / trial.workers + 2;
	for (int i = 0; i < TUNE_TRIALS && !err; i++) {
		err = measure(tuning, &trial, &measures, complaint);
		note(&tuning->cell, &measures);
		least = fmin(least, measures.lost_share);
	}
	if (!err && least > tuning->least) {
		tuning->least = least;
		tuning->window_ns = window_ns;
		tuning->count = trial.count;
	}
	return err;
}

static int try_windows(struct tuning *tuning, struct complaint *complaint)
{
	const struct run_spec *spec = tuning->spec;
	int err = control_empty_ns(&tuning->run, spec->workers[0],
	                           &tuning->empty_ns, complaint);

	for (size_t i = 0; i < spec->insides_count && !err; i++) {
		if (!run_strategy_can(spec->strategies[0], spec->workers[0],
		                      spec->inside_ns[i]))
			break;
		err = try_window(tuning, spec->inside_ns[i], complaint);
		if (tuning->least >= tuning->wanted)
			break;
	}
	return err;
}

static int say_found(const struct tuning *tuning)
{
	const struct run_spec *spec = tuning->spec;

	(void)printf("A race that shows here: %d of %d trials lost at least "
	             "%.1f %% of the updates\n  racelab run %s -w %u "
	             "--pin=%s --window=%u -n %llu\n",
	             TUNE_TRIALS, TUNE_TRIALS, 100 * tuning->least,
	             spec->strategies[0]->name, spec->workers[0],
	             run_pin_name(spec->pins[0]), tuning->window_ns,
	             (unsigned long long)tuning->count);
	return STATUS_OK;
}

static int say_not_found(struct tuning *tuning)
{
	const struct run_spec *spec = tuning->spec;
	struct comparison_cell *cell = &tuning->cell;
	struct complaint complaint = { 0 };
	const char *why;

	(void)snprintf(cell->point.strategy, sizeof(cell->point.strategy), "%s",
	               spec->strategies[0]->name);
	cell->point.workers = spec->workers[0];
	why = loss_why_none(cell, tuning->empty_ns);
	if (tuning->least > 0)
		complain(&complaint, spec->strategies[0]->name,
		         "no window lost %.1f %%; the most in every trial was "
		         "%.1f %%, with a window of %u ns",
		         100 * tuning->wanted, 100 * tuning->least,
		         tuning->window_ns);
	else
		complain(&complaint, spec->strategies[0]->name,
		         "some trial lost nothing with every window: %s",
		         why ? why : "luck, or too busy a machine");
	complain_cure(&complaint, "racelab doctor says what the machine shows");
	return say_complaint(&complaint, STATUS_UNDECIDED);
}

int tune(const struct run_spec *spec, double wanted)
{
	struct tuning tuning = { .spec = spec, .wanted = wanted };
	struct complaint complaint = { 0 };
	int err = run_begin(&tuning.run, spec, &complaint);

	if (!err)
		err = try_windows(&tuning, &complaint);
	run_end(&tuning.run);
	if (err == -EINTR)
		return 128 + tuning.run.signals.caught;
	if (err == -ECHILD)
		return say_complaint(&complaint, STATUS_WORKER);
	if (err)
		return say_complaint(&complaint, run_impossible_here(err)
		                                         ? STATUS_IMPOSSIBLE
		                                         : STATUS_RESOURCE);
	return tuning.least >= tuning.wanted ? say_found(&tuning)
	                                     : say_not_found(&tuning);
}
