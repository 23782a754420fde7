#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/draw.h"
#include "harness/cmd/options.h"
#include "harness/cmd/report.h"
#include "harness/run/control.h"
#include "harness/run/run.h"
#include "harness/view/loss.h"

enum { KEY_TUNE = 0x200, KEY_PLOT, TUNE_TRIALS = 5, TUNE_MS = 50 };

/* Windows to try, in ns: from what is there anyway to what nobody overlooks. */
static const char tune_windows[] = "0,100,1000,10000,100000,1000000";

struct options {
	struct run_options run;
	const char *tune, *plots;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->run;
		return 0;
	case KEY_TUNE:
		options->tune = value;
		return 0;
	case KEY_PLOT:
		options->plots = value ? value : "plots/out";
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "tune", KEY_TUNE, "PCT", 0,
	  "Find the window and count that lose at least PCT percent here, in "
	  "every trial, and say how to run it",
	  2 },
	{ "plot", KEY_PLOT, "DIR", OPTION_ARG_OPTIONAL,
	  "Draw figures, too (into plots/out)", 2 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &run_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	table,
	parse,
	"[STRATEGY...]",
	"How many updates are lost, predicted and measured, by the window "
	"between load and store and the think time; and how far the counter "
	"fell at once.\v"
	"Examples:\n"
	"  racelab loss\n"
	"  racelab loss --window=100,1000 --outside=0,1000,10000\n"
	"  racelab loss --tune=20\n\n"
	"Without strategies it takes none; without --window 200 ns, without "
	"--outside 0 to 20000 ns, without -r 7 trials.",
	children,
	NULL,
	NULL
};

/* --- tuning --------------------------------------------------------------- */

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

static int tune(struct tuning *tuning, struct complaint *complaint)
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

static int run_tuning(const struct run_spec *spec, double percent)
{
	struct tuning tuning = { .spec = spec, .wanted = percent / 100 };
	struct complaint complaint = { 0 };
	int err = run_begin(&tuning.run, spec, &complaint);

	if (!err)
		err = tune(&tuning, &complaint);
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

/* --- the table ------------------------------------------------------------ */

static int draw(const struct report *report, const struct options *options)
{
	struct draw_options draw_options = {
		.directory = options->plots,
		.quiet = options->run.common.quiet || options->run.common.json,
		.json = options->run.common.json,
	};

	if (!draw_options.quiet)
		(void)printf("\nfigures:\n");
	return draw_figures(&report->comparison, &draw_options);
}

static int run_table(const struct run_spec *spec, const struct options *options)
{
	struct report report = { 0 };
	int status = report_measure(&report, spec, options->run.output,
	                            &options->run.common);

	if (status < 128 && report.comparison.count > 0) {
		bool color = say_in_color(STDOUT_FILENO);

		if (!options->run.common.json)
			status = status_worse(
			        status,
			        report_put(stdout,
			                   loss_of(&report.comparison, color)));
		if (options->plots)
			status = status_worse(status, draw(&report, options));
	}
	report_free(&report);
	return status;
}

/* "20" or "0.5", in percent of all updates. */
static double parse_percent(const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !(value > 0 && value < 100))
		options_refuse("--tune", text,
		               "a percentage above 0 and below 100");
	return value;
}

int cmd_loss(int argc, char **argv)
{
	static const char *const usual[] = { "none" };
	struct options options = { 0 };
	struct complaint complaint = { 0 };
	struct run_text *text = &options.run.text;
	double percent = 0;
	struct run_spec spec;
	int err, status;

	options_parse(&argp, "loss", argc, argv, &options);
	if (text->strategies_count == 0) {
		text->strategies = usual;
		text->strategies_count = 1;
	}
	if (options.tune) {
		percent = parse_percent(options.tune);
		if (!text->inside_ns)
			text->inside_ns = tune_windows;
	} else {
		if (!text->inside_ns)
			text->inside_ns = "200";
		if (!text->outside_ns)
			text->outside_ns = "0,200,600,2000,6000,20000";
	}
	if (!text->trials)
		text->trials = "7";
	text->watched = true;
	err = run_spec_parse(&spec, text, &complaint);
	if (err)
		return say_refused(&complaint, err);
	status = options.tune ? run_tuning(&spec, percent)
	                      : run_table(&spec, &options);
	run_spec_free(&spec);
	return status;
}
