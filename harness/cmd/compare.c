#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cmd/cmd.h"
#include "harness/cmd/draw.h"
#include "harness/cmd/options.h"
#include "harness/cmd/report.h"
#include "harness/view/summary_json.h"

enum { KEY_PLOT = 0x200 };

struct options {
	struct run_options run;
	const char *plots; /* a directory, or NULL */
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->run;
		return 0;
	case KEY_PLOT:
		options->plots = value ? value : "plots/out";
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
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
	"Compare strategies: what an increment costs, what is lost, and the "
	"ratio to atomic and to none.\v"
	"Examples:\n"
	"  racelab compare\n"
	"  racelab compare atomic mutex -w 1,2,4,8 -r 15\n"
	"  racelab compare -o results/compare.jsonl --plot\n\n"
	"Without strategies it takes all but the demos; without -w it doubles "
	"from 1 to twice the CPUs, and a strategy for fewer workers is left "
	"out there; without -r it makes 9 trials.",
	children,
	NULL,
	NULL
};

/* "1,2,4" on two CPUs: up to all of them busy, and then twice as many. */
static void default_workers(char *text, size_t size)
{
	struct cpus *cpus = malloc(sizeof(*cpus));
	unsigned count = 1;
	size_t used = 0;

	if (cpus && cpus_allowed(cpus) == 0)
		count = cpus->count;
	free(cpus);
	if (count > RUN_WORKERS_MAX / 2)
		count = RUN_WORKERS_MAX / 2;
	for (unsigned workers = 1; workers < count; workers *= 2)
		used += (size_t)snprintf(text + used, size - used, "%u,",
		                         workers);
	(void)snprintf(text + used, size - used, "%u,%u", count, 2 * count);
}

/* Follows the trials, where a program reads. */
static int print_summaries(const struct comparison *comparison)
{
	char *text = summary_json(comparison);
	int err = !text || fputs(text, stdout) == EOF;

	free(text);
	return err ? STATUS_OUTPUT : STATUS_OK;
}

static int finish(const struct report *report, const struct options *options)
{
	struct draw_options draw_options = {
		.directory = options->plots,
		.quiet = options->run.common.quiet || options->run.common.json,
		.json = options->run.common.json,
	};
	int status = STATUS_OK;

	if (report->comparison.count == 0)
		return STATUS_OK;
	if (options->run.common.json)
		status = print_summaries(&report->comparison);
	if (options->run.output && !draw_options.quiet)
		(void)printf("\nrecords, %zu trials appended:\n  %s\n",
		             report->archive.trials_count, options->run.output);
	if (options->plots) {
		if (!draw_options.quiet)
			(void)printf("figures:\n");
		status = status_worse(status, draw_figures(&report->comparison,
		                                           &draw_options));
	}
	return status;
}

int cmd_compare(int argc, char **argv)
{
	static const char *const every_one = "all";
	struct options options = { 0 };
	struct report report = { 0 };
	struct complaint complaint = { 0 };
	struct run_spec spec;
	struct run_text *text = &options.run.text;
	char workers[256];
	int err, status;

	options_parse(&argp, "compare", argc, argv, &options);
	if (text->strategies_count == 0) {
		text->strategies = &every_one;
		text->strategies_count = 1;
	}
	default_workers(workers, sizeof(workers));
	text->workers_default = workers;
	if (!text->trials)
		text->trials = "9";
	err = run_spec_parse(&spec, text, &complaint);
	if (err)
		return say_refused(&complaint, err);
	status = report_run(&report, &spec, options.run.output,
	                    &options.run.common);
	if (status < 128)
		status = status_worse(status, finish(&report, &options));
	report_free(&report);
	run_spec_free(&spec);
	return status;
}
