#include "harness/cmd/tune.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/cmd/cmd.h"
#include "harness/record/jsonl.h"
#include "harness/record/record.h"
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
	if (err)
		return err;
	trial.time_ns = 0;
	trial.count = measures.expected / trial.workers + 2;
	for (int i = 0; i < TUNE_TRIALS; i++) {
		err = measure(tuning, &trial, &measures, complaint);
		if (err)
			break;
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

/* What `racelab run` would not do by itself, for a command line. */
static void name_place(const struct run_spec *spec, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	if (spec->pins[0] == RUN_PIN_LIST) {
		for (unsigned i = 0; i < spec->cpus.count && used < size; i++)
			used += (size_t)snprintf(
			        text + used, size - used, "%s%u",
			        i ? "," : " --pin=", spec->cpus.cpu[i]);
	} else if (spec->pins[0] != RUN_PIN_SPREAD) {
		used = (size_t)snprintf(text, size, " --pin=%s",
		                        run_pin_name(spec->pins[0]));
	}
	if (spec->outside_ns[0] > 0 && used < size)
		used += (size_t)snprintf(text + used, size - used,
		                         " --outside=%u", spec->outside_ns[0]);
	if (spec->as != RUN_AS_PROCESSES && used < size)
		used += (size_t)snprintf(text + used, size - used, " --as=%s",
		                         run_as_name(spec->as));
	if (spec->memory != ARENA_ANON && used < size)
		(void)snprintf(text + used, size - used, " --in=%s",
		               arena_family_name(spec->memory));
}

/* COMMAND: NULL where none was found. */
static int put_json(const struct tuning *tuning, const char *command)
{
	struct jsonl out = jsonl_to(STDOUT_FILENO);
	json_t *record = json_pack(
	        "{s:s, s:i, s:s, s:b, s:f, s:f, s:i, s:I, s:i, s:s?}", "type",
	        "tuning", "schema", RECORD_SCHEMA, "strategy",
	        tuning->spec->strategies[0]->name, "found", command != NULL,
	        "wanted", tuning->wanted, "lost_share", tuning->least,
	        "window_ns", (int)tuning->window_ns, "count",
	        (json_int_t)tuning->count, "trials", TUNE_TRIALS, "command",
	        command);
	int err = record ? jsonl_append(&out, record) : -ENOMEM;

	json_decref(record);
	return err ? say_lost_output(err) : STATUS_OK;
}

static int say_found(const struct tuning *tuning, bool json)
{
	const struct run_spec *spec = tuning->spec;
	char place[256], command[512];

	name_place(spec, place, sizeof(place));
	(void)snprintf(command, sizeof(command),
	               "racelab run %s -w %u --window=%u -n %llu%s",
	               spec->strategies[0]->name, spec->workers[0],
	               tuning->window_ns, (unsigned long long)tuning->count,
	               place);
	if (json)
		return put_json(tuning, command);
	(void)printf("A race that shows here: %d of %d trials lost at least "
	             "%.1f %% of the updates\n  %s\n",
	             TUNE_TRIALS, TUNE_TRIALS, 100 * tuning->least, command);
	return STATUS_OK;
}

static int say_not_found(struct tuning *tuning, bool json)
{
	const struct run_spec *spec = tuning->spec;
	struct comparison_cell *cell = &tuning->cell;
	struct complaint complaint = { 0 };
	const char *why;

	(void)snprintf(cell->point.strategy, sizeof(cell->point.strategy), "%s",
	               spec->strategies[0]->name);
	cell->point.workers = spec->workers[0];
	why = loss_why_none(cell, tuning->empty_ns);
	if (tuning->least > 0) {
		complain(&complaint, spec->strategies[0]->name,
		         "no window loses %.1f %% every time: at most %.1f %%, "
		         "with %u ns",
		         100 * tuning->wanted, 100 * tuning->least,
		         tuning->window_ns);
		complain_cure(&complaint, "ask for less, or more workers: -w");
	} else {
		complain(&complaint, spec->strategies[0]->name,
		         "no window makes it lose every time");
		complain_cure(&complaint, "%s",
		              why ? why
		                  : "racelab doctor says what the machine "
		                    "shows");
	}
	if (json && put_json(tuning, NULL) != STATUS_OK)
		return STATUS_OUTPUT;
	return say_complaint(&complaint, STATUS_UNDECIDED);
}

int tune(const struct run_spec *spec, double wanted, bool json)
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
	return tuning.least >= tuning.wanted ? say_found(&tuning, json)
	                                     : say_not_found(&tuning, json);
}
