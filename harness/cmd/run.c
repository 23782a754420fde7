#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"
#include "harness/cmd/report.h"
#include "harness/cmd/session.h"
#include "harness/view/comparison.h"

enum { KEY_EXPECT = 0x200 };

struct options {
	struct run_options run;
	enum evidence expect; /* EVIDENCE_NONE: nothing */
};

/* How a cell stands to what was expected of it. */
static int judge(const struct comparison_cell *cell, enum evidence expect)
{
	enum evidence evidence = comparison_evidence(cell);

	if (cell->surplus > 0)
		return STATUS_BUG; /* a wrong total, whatever was expected */
	if (evidence == expect)
		return STATUS_OK;
	return evidence == EVIDENCE_EXACT || evidence == EVIDENCE_LOST
	               ? STATUS_BUG
	               : STATUS_UNDECIDED;
}

static void say_verdict(const struct comparison_cell *cell,
                        enum evidence expect, int verdict)
{
	struct complaint complaint = { 0 };
	const char *did = cell->surplus > 0 ? "counted too much"
	                  : cell->lost > 0  ? "lost updates"
	                                    : "lost nothing";
	const char *plural = cell->point.workers == 1 ? "" : "s";

	if (verdict == STATUS_BUG)
		complain(&complaint, cell->point.strategy,
		         "%s with %u worker%s, expected was %s", did,
		         cell->point.workers, plural, evidence_name(expect));
	else
		complain(&complaint, cell->point.strategy,
		         "too little evidence with %u worker%s to say %s",
		         cell->point.workers, plural, evidence_name(expect));
	(void)say_complaint(&complaint, verdict);
}

static int judge_all(const struct comparison *comparison, enum evidence expect)
{
	int status = STATUS_OK;

	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];
		int verdict = judge(cell, expect);

		if (verdict != STATUS_OK)
			say_verdict(cell, expect, verdict);
		status = status_worse(status, verdict);
	}
	return status;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->run;
		return 0;
	case KEY_EXPECT:
		if (strcmp(value, "exact") == 0)
			options->expect = EVIDENCE_EXACT;
		else if (strcmp(value, "lost") == 0)
			options->expect = EVIDENCE_LOST;
		else
			options_refuse("--expect", value, "exact or lost");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "expect", KEY_EXPECT, "WHAT", 0,
	  "End with status 1 unless every strategy was exact, or lost "
	  "updates: exact or lost",
	  3 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &run_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	table,
	parse,
	"STRATEGY...",
	"Run strategies: workers increment one counter, and what they lose is "
	"counted.\v"
	"Examples:\n"
	"  racelab run none\n"
	"  racelab run none mutex -w 2,4 -t 200 -r 9\n"
	"  racelab run atomic --expect=exact --json -o results/mine.jsonl\n\n"
	"\"all\" stands for every strategy but the demos; racelab list shows "
	"them.",
	children,
	NULL,
	NULL
};

int cmd_run(int argc, char **argv)
{
	struct options options = { 0 };
	struct complaint complaint = { 0 };
	struct run_spec spec;
	struct report report = { 0 };
	int err, status;

	options_parse(&argp, "run", argc, argv, &options);
	err = run_spec_parse(&spec, &options.run.text, &complaint);
	if (err)
		return say_refused(&complaint, err);
	status = report_run(&report, &spec, options.run.output,
	                    &options.run.common);
	if (options.expect && status < 128)
		status = status_worse(
		        status, judge_all(&report.comparison, options.expect));
	report_free(&report);
	run_spec_free(&spec);
	return status;
}
