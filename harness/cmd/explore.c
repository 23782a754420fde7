#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/cmd/cmd.h"
#include "harness/cmd/draw.h"
#include "harness/cmd/options.h"
#include "harness/cmd/subject.h"
#include "harness/explore/spec.h"
#include "harness/view/outcomes_figure.h"
#include "harness/view/verdict.h"
#include "harness/view/verdict_json.h"

enum {
	KEY_MEMORY = 0x200,
	KEY_SEARCH,
	KEY_PREEMPTIONS,
	KEY_DEPTH,
	KEY_SEED,
	KEY_EXECUTIONS,
	KEY_BUFFER,
	KEY_SPURIOUS,
	KEY_SECONDS,
	KEY_MEMORY_LIMIT,
	KEY_OUTCOMES,
	KEY_PLOT,
	KEY_RECORDS,
	KEY_CC,
};

struct options {
	struct common_options common;
	struct explore_text text;
	const char *target, *cc;
	const char *plots, *records; /* a folder, a file; or NULL */
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct options *options = state->input;
	const struct {
		int key;
		const char **text;
	} texts[] = {
		{ 'w', &options->text.workers },
		{ 'k', &options->text.increments },
		{ KEY_MEMORY, &options->text.memory },
		{ KEY_SEARCH, &options->text.search },
		{ KEY_PREEMPTIONS, &options->text.preemptions },
		{ KEY_DEPTH, &options->text.depth },
		{ KEY_SEED, &options->text.seed },
		{ KEY_EXECUTIONS, &options->text.executions },
		{ KEY_BUFFER, &options->text.buffer },
		{ KEY_SPURIOUS, &options->text.spurious },
		{ KEY_SECONDS, &options->text.max_seconds },
		{ KEY_MEMORY_LIMIT, &options->text.max_mib },
		{ KEY_RECORDS, &options->records },
		{ KEY_CC, &options->cc },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (key == texts[i].key) {
			*texts[i].text = value;
			return 0;
		}
	}
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->common;
		return 0;
	case KEY_OUTCOMES:
		options->text.outcomes = true;
		return 0;
	case KEY_PLOT:
		options->text.outcomes = true;
		options->plots = value ? value : "plots/out";
		return 0;
	case ARGP_KEY_ARG:
		if (options->target)
			options_refuse("argument", value,
			               "expected: one target at a time");
		options->target = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "workers", 'w', "N", 0,
	  "How many workers (default: what the program says, or 2)", 1 },
	{ "increments", 'k', "K", 0,
	  "How many increments each makes with a strategy (default: 2)", 1 },
	{ "memory", KEY_MEMORY, "MODEL", 0,
	  "sc: sequential consistency (default); tso: x86 with store buffers",
	  1 },
	{ "outcomes", KEY_OUTCOMES, NULL, 0,
	  "All ends, with the exact number of interleavings of each", 2 },
	{ "plot", KEY_PLOT, "DIR", OPTION_ARG_OPTIONAL,
	  "Draw the distribution of the totals, too (into plots/out)", 2 },
	{ "records", KEY_RECORDS, "FILE", 0,
	  "Lay over it what real trials gave, of racelab run -n K -o FILE", 2 },
	{ "search", KEY_SEARCH, "HOW", 0,
	  "all (default): every state; every: every execution, one by one; "
	  "random, pct, pos: a sample",
	  3 },
	{ "preemptions", KEY_PREEMPTIONS, "N", 0,
	  "Only schedules with at most N preemptions", 3 },
	{ "depth", KEY_DEPTH, "D", 0, "Of bugs, for pct (default: 3)", 3 },
	{ "seed", KEY_SEED, "N", 0, "Of a sample (default: 1)", 3 },
	{ "executions", KEY_EXECUTIONS, "N", 0,
	  "Of a sample, at most (default: 100000)", 3 },
	{ "max-seconds", KEY_SECONDS, "S", 0, "Give up after S (default: 60)",
	  4 },
	{ "max-memory", KEY_MEMORY_LIMIT, "MIB", 0,
	  "Remember states in at most so much memory (default: 1024)", 4 },
	{ "buffer", KEY_BUFFER, "N", 0,
	  "Entries of a store buffer under tso (default: 4)", 4 },
	{ "spurious", KEY_SPURIOUS, "N", 0,
	  "Wake-ups for no reason in one execution (default: 1)", 4 },
	{ "cc", KEY_CC, "CC", 0,
	  "Compile with CC, which may have options: \"clang -O1\"", 4 },
	{ 0 },
};

static const struct argp_child children[] = { { &common_argp, 0, NULL, 0 },
	                                      { 0 } };

static const struct argp argp = {
	table,
	parse,
	"TARGET",
	"Try every interleaving of a strategy, or of a C file with a strategy or "
	"a program, and say what can come of it.\v"
	"Examples:\n"
	"  racelab explore none --outcomes\n"
	"  racelab explore peterson_nofence --memory=tso\n"
	"  racelab explore my.c -w 3\n\n"
	"Ends 0 if everything was tried and nothing is wrong, 1 if a bug was "
	"found, 6 if it cannot be told: a limit was reached, or TARGET does "
	"something that cannot be seen. What is found comes with a witness, "
	"which racelab replay shows step by step.",
	children,
	NULL,
	NULL
};

static int status_of(enum verdict_kind kind)
{
	if (kind == VERDICT_EXACT)
		return STATUS_OK;
	return kind == VERDICT_UNFINISHED ? STATUS_UNDECIDED : STATUS_BUG;
}

/* A target that cannot be seen through gets a verdict all the same. */
static int refuse(const struct options *options,
                  const struct complaint *complaint)
{
	json_t *object;

	if (!options->common.json)
		return say_complaint(complaint, STATUS_UNDECIDED);
	object = json_pack("{s:s, s:i, s:s, s:s, s:b, s:s+++}", "type",
	                   "verdict", "schema", 1, "target", options->target,
	                   "verdict", "unfinished", "complete", 0, "message",
	                   complaint->what, ": ", complaint->why, "");
	if (!object || json_dumpf(object, stdout, JSON_COMPACT) < 0)
		return STATUS_OUTPUT;
	(void)putchar('\n');
	json_decref(object);
	return STATUS_UNDECIDED;
}

static int draw_outcomes(const struct options *options,
                         const struct verdict_names *names,
                         const struct verdict *verdict,
                         const struct archive *archive)
{
	const struct draw_options draw = { .directory = options->plots,
		                           .json = options->common.json,
		                           .quiet = options->common.quiet };
	uint64_t *totals = NULL;
	long count = archive ? outcomes_observed(archive, names, &totals) : 0;
	char *csv =
	        count < 0 ? NULL
	                  : outcomes_csv(verdict, names, totals, (size_t)count);
	char *head = outcomes_head(names);
	char *foot = outcomes_foot(verdict, names, archive);
	int status = STATUS_RESOURCE;

	if (csv && head && foot)
		status = draw_csv("outcomes", csv, head, foot, &draw);
	free(totals);
	free(csv);
	free(head);
	free(foot);
	return status;
}

static int draw(const struct options *options,
                const struct verdict_names *names,
                const struct verdict *verdict)
{
	struct complaint complaint = { 0 };
	struct archive archive = { 0 };
	int status;

	if (!options->records)
		return draw_outcomes(options, names, verdict, NULL);
	complain(&complaint, options->records, "there is no run in it");
	if (archive_read(&archive, options->records, &complaint) < 0 ||
	    archive_select(&archive, NULL) < 0)
		status = say_complaint(&complaint, STATUS_USAGE);
	else
		status = draw_outcomes(options, names, verdict, &archive);
	archive_free(&archive);
	return status;
}

static int print(const struct options *options, struct subject *subject,
                 const struct explore_spec *spec, const struct verdict *verdict)
{
	struct verdict_names names = {
		.target = options->target,
		.cc = options->cc,
		.program = !verdict->shape.strategy,
		.machine = spec->machine,
		.search = spec->search,
		.line = subject_line,
		.cell = subject_cell,
		.context = subject,
	};
	char *text;

	subject->shape = verdict->shape;
	names.machine.workers = verdict->workers;
	names.machine.increments = verdict->increments;
	text = options->common.json
	               ? verdict_json(verdict, &names, spec->outcomes)
	               : verdict_text(verdict, &names, spec->outcomes,
	                              say_in_color(STDOUT_FILENO));
	if (!text)
		return say_error("explore", -ENOMEM, STATUS_RESOURCE);
	(void)fputs(text, stdout);
	free(text);
	return options->plots ? draw(options, &names, verdict) : STATUS_OK;
}

static int explore(const struct options *options,
                   const struct explore_spec *spec, struct subject *subject)
{
	struct complaint complaint = { 0 };
	struct verdict *verdict;
	int err, status;

	status =
	        subject_open(subject, options->target, options->cc, &complaint);
	if (status == STATUS_UNDECIDED)
		return refuse(options, &complaint);
	if (status != STATUS_OK)
		return say_complaint(&complaint, status);
	verdict = explore_run(subject->object, spec, &err, &complaint);
	if (!verdict)
		return say_complaint(&complaint, err == -EINVAL
		                                         ? STATUS_USAGE
		                                         : STATUS_RESOURCE);
	status = print(options, subject, spec, verdict);
	if (status == STATUS_OK)
		status = status_of(verdict->kind);
	verdict_free(verdict);
	return status;
}

int cmd_explore(int argc, char **argv)
{
	struct options options = { 0 };
	struct complaint complaint = { 0 };
	struct explore_spec spec;
	struct subject subject;
	int status;

	options_parse(&argp, "explore", argc, argv, &options);
	if (!options.target) {
		complain(&complaint, "explore", "no target");
		complain_cure(&complaint, "name a strategy of racelab list, or "
		                          "a C file: racelab explore none");
		return say_complaint(&complaint, STATUS_USAGE);
	}
	if (explore_spec_parse(&spec, &options.text, &complaint) < 0)
		return say_complaint(&complaint, STATUS_USAGE);
	if (!subject_has_memory(spec.machine.memory, &complaint))
		return say_complaint(&complaint, STATUS_IMPOSSIBLE);
	status = explore(&options, &spec, &subject);
	subject_close(&subject);
	return status;
}
