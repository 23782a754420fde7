#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/cmd/cmd.h"
#include "harness/cmd/draw.h"
#include "harness/cmd/options.h"
#include "harness/cmd/report.h"
#include "harness/cmd/tune.h"
#include "harness/view/loss.h"

enum { KEY_TUNE = 0x200, KEY_PLOT };

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

/* Ends the program where something was said that --tune has no use for. */
static void check_tuning(const struct options *options,
                         const struct run_spec *spec)
{
	const struct run_text *text = &options->run.text;
	const struct {
		const char *option, *value;
	} idle[] = {
		{ "-o", options->run.output }, { "--plot", options->plots },
		{ "-r", text->trials },        { "-t", text->time_ms },
		{ "-n", text->count },
	};

	for (size_t i = 0; i < sizeof(idle) / sizeof(idle[0]); i++) {
		if (idle[i].value)
			options_refuse(idle[i].option, idle[i].value,
			               "used with --tune");
	}
	if (spec->strategies_count > 1)
		options_refuse("--tune", spec->strategies[1]->name,
		               "taken: one strategy at a time");
	if (spec->workers_count > 1)
		options_refuse("-w", text->workers, "one number, for --tune");
	if (spec->pins_count > 1)
		options_refuse("--pin", text->pin, "one way, for --tune");
	if (spec->outsides_count > 1)
		options_refuse("--outside", text->outside_ns,
		               "one number, for --tune");
}

static int run_tuning(struct options *options)
{
	struct run_text *text = &options->run.text;
	double percent = parse_percent(options->tune);
	struct complaint complaint = { 0 };
	struct run_spec spec;
	int err, status;

	if (!text->inside_ns)
		text->inside_ns = tune_windows;
	err = run_spec_parse(&spec, text, &complaint);
	if (err)
		return say_refused(&complaint, err);
	check_tuning(options, &spec);
	status = tune(&spec, percent / 100, options->run.common.json);
	run_spec_free(&spec);
	return status;
}

/* What adds at once has no window to widen. */
static const char *usual_window(const struct run_text *text)
{
	for (size_t i = 0; i < text->strategies_count; i++) {
		const struct sync_strategy *strategy =
		        run_strategy(text->strategies[i]);

		if (strategy && !strategy->ops->lock)
			return "0";
	}
	return "200";
}

static int run_loss(struct options *options)
{
	struct run_text *text = &options->run.text;
	struct complaint complaint = { 0 };
	struct run_spec spec;
	int err, status;

	if (!text->inside_ns)
		text->inside_ns = usual_window(text);
	if (!text->outside_ns)
		text->outside_ns = "0,200,600,2000,6000,20000";
	if (!text->trials)
		text->trials = "7";
	text->watched = true;
	err = run_spec_parse(&spec, text, &complaint);
	if (err)
		return say_refused(&complaint, err);
	status = run_table(&spec, options);
	run_spec_free(&spec);
	return status;
}

int cmd_loss(int argc, char **argv)
{
	static const char *const usual[] = { "none" };
	struct options options = { 0 };
	struct run_text *text = &options.run.text;

	options_parse(&argp, "loss", argc, argv, &options);
	if (text->strategies_count == 0) {
		text->strategies = usual;
		text->strategies_count = 1;
	}
	if (text->latency || text->where)
		options_refuse(text->latency ? "--latency" : "--where", "loss",
		               "a command that shows it: run and compare do");
	return options.tune ? run_tuning(&options) : run_loss(&options);
}
