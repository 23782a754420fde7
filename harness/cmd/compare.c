#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cmd/cmd.h"
#include "harness/cmd/draw.h"
#include "harness/cmd/options.h"
#include "harness/cmd/report.h"
#include "harness/cmd/versus.h"
#include "harness/view/summary_json.h"

enum { KEY_PLOT = 0x200, KEY_ALL, KEY_VS, KEY_WITHIN, KEY_MAX_SECONDS };

struct options {
	struct run_options run;
	const char *plots; /* a directory, or NULL */
	bool all;
	bool vs;
	struct versus_options versus;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->run;
		return 0;
	case KEY_ALL:
		options->all = true;
		return 0;
	case KEY_PLOT:
		options->plots = value ? value : "plots/out";
		return 0;
	case KEY_VS:
		options->vs = true;
		return 0;
	case KEY_WITHIN:
		options->versus.within = value;
		return 0;
	case KEY_MAX_SECONDS:
		options->versus.max_seconds = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "all", KEY_ALL, NULL, 0, "Every strategy but the demos", 0 },
	{ "plot", KEY_PLOT, "DIR", OPTION_ARG_OPTIONAL,
	  "Draw figures, too (into plots/out)", 2 },
	{ "vs", KEY_VS, NULL, 0,
	  "Compare two strategies, B to A, until it is known by how much they "
	  "differ",
	  3 },
	{ "within", KEY_WITHIN, "PCT", 0,
	  "With --vs: until the interval is PCT % wide (default: 2)", 3 },
	{ "max-seconds", KEY_MAX_SECONDS, "S", 0,
	  "With --vs: give up after S seconds (default: 60)", 3 },
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
	"  racelab compare -o results/compare.jsonl --plot\n"
	"  racelab compare --vs atomic mutex -w 2 --within=10 "
	"--max-seconds=5\n\n"
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

/* What only one of the two ways to compare knows. */
static int check_ways(const struct options *options)
{
	struct complaint complaint = { 0 };

	if (options->vs && options->plots) {
		complain(&complaint, "--plot", "there is no figure for --vs");
		complain_cure(&complaint,
		              "-o FILE keeps the records; racelab plot FILE");
	} else if (options->vs && options->run.text.latency) {
		complain(&complaint, "--latency",
		         "--vs compares the cost only");
	} else if (!options->vs &&
	           (options->versus.within || options->versus.max_seconds)) {
		complain(&complaint,
		         options->versus.within ? "--within" : "--max-seconds",
		         "goes with --vs only");
	} else {
		return STATUS_OK;
	}
	return say_complaint(&complaint, STATUS_USAGE);
}

static int compare_all(struct options *options)
{
	struct report report = { 0 };
	struct complaint complaint = { 0 };
	struct run_spec spec;
	int err, status;

	if (!options->run.text.trials)
		options->run.text.trials = "9";
	err = run_spec_parse(&spec, &options->run.text, &complaint);
	if (err)
		return say_refused(&complaint, err);
	status = report_run(&report, &spec, options->run.output,
	                    &options->run.common);
	if (status < 128)
		status = status_worse(status, finish(&report, options));
	report_free(&report);
	run_spec_free(&spec);
	return status;
}

int cmd_compare(int argc, char **argv)
{
	static const char *const every_one = "all";
	struct options options = { 0 };
	struct run_text *text = &options.run.text;
	char workers[256];
	int status;

	options_parse(&argp, "compare", argc, argv, &options);
	if (options.all && text->strategies_count > 0)
		options_refuse("--all", text->strategies[0],
		               "needed: it is one of all");
	status = check_ways(&options);
	if (status != STATUS_OK)
		return status;
	if (text->strategies_count == 0) {
		text->strategies = &every_one;
		text->strategies_count = 1;
	}
	default_workers(workers, sizeof(workers));
	text->workers_default = workers;
	return options.vs ? versus_run(text, &options.versus,
	                               options.run.output, &options.run.common)
	                  : compare_all(&options);
}
