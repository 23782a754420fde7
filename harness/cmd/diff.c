#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/cmd/cmd.h"
#include "harness/cmd/input.h"
#include "harness/cmd/options.h"
#include "harness/record/origin.h"
#include "harness/run/spec.h"
#include "harness/view/difference.h"

enum { KEY_RECORDS = 0x200, KEY_RUN, KEY_ACROSS, KEY_FAIL_ABOVE };

static const char cure[] = "--run=UUID compares one of them";

struct options {
	struct common_options common;
	char *records; /* of two strategies; NULL: two files */
	const char *run;
	bool across, gate;
	double above; /* of a gate: what is still no regression, a share */
	char **names;
	int names_count;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->common;
		return 0;
	case KEY_RECORDS:
		options->records = value;
		return 0;
	case KEY_RUN:
		options->run = value;
		return 0;
	case KEY_ACROSS:
		options->across = true;
		return 0;
	case KEY_FAIL_ABOVE:
		options->gate = true;
		options->above = options_percent("--fail-above", value);
		return 0;
	case ARGP_KEY_ARGS:
		options->names = state->argv + state->next;
		options->names_count = state->argc - state->next;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "records", KEY_RECORDS, "FILE", 0,
	  "Compare two strategies of FILE, block by block", 1 },
	{ "run", KEY_RUN, "UUID", 0,
	  "Take this run, and what goes with it, where a file has it (default: "
	  "the last)",
	  1 },
	{ "across", KEY_ACROSS, NULL, 0,
	  "Compare different machines, too, with a warning", 1 },
	{ "fail-above", KEY_FAIL_ABOVE, "PCT", 0,
	  "End with status 1 where a whole interval lies above 1 + PCT %", 2 },
	{ 0 },
};

static const struct argp_child children[] = { { &common_argp, 0, NULL, 0 },
	                                      { 0 } };

static const struct argp argp = {
	table,
	parse,
	"OLD NEW",
	"Is the difference real? Compare what an increment costs in two files "
	"of records, or, with --records, with two strategies.\v"
	"Examples:\n"
	"  racelab diff old.jsonl new.jsonl\n"
	"  racelab diff old.jsonl new.jsonl --fail-above=5\n"
	"  racelab diff atomic mutex --records=results/compare.jsonl\n\n"
	"The ratio is new/old: below 1 is faster. With --fail-above the status "
	"is 1 if a cost has risen by more than that, and 6 if there are too few "
	"trials to tell.",
	children,
	NULL,
	NULL
};

/* --- what can be compared ------------------------------------------------- */

/* Puts what the two runs differ in into a complaint; false: in nothing. */
static bool differ(const struct archive *old, const struct archive *new,
                   enum origin_kind kind, struct complaint *complaint)
{
	const struct archive_run *a = archive_selected(old);
	const struct archive_run *b = archive_selected(new);
	const struct origin_key *key = origin_difference(a, b, kind, NULL);
	char was[ORIGIN_TEXT], is[ORIGIN_TEXT];

	if (!key)
		return false;
	complain(complaint, "old and new", "%s %s: %s, and now %s", key->words,
	         difference_verb(key), origin_text(a, key, was),
	         origin_text(b, key, is));
	return true;
}

/* A run that is selected in both, or NULL. */
static const char *shared_run(const struct archive *old,
                              const struct archive *new)
{
	for (size_t i = 0; i < old->runs_count; i++) {
		for (size_t j = 0; j < new->runs_count; j++) {
			if (old->runs[i].selected && new->runs[j].selected &&
			    strcmp(old->runs[i].uuid, new->runs[j].uuid) == 0)
				return old->runs[i].uuid;
		}
	}
	return NULL;
}

static int check_archives(const struct archive *old, const struct archive *new,
                          const struct options *options)
{
	const char *shared = shared_run(old, new);
	struct complaint complaint = { 0 };

	if (shared) {
		complain(&complaint, shared,
		         "this run is in old and in new: it says nothing "
		         "against itself");
		complain_cure(&complaint, "give files that share no run");
	} else if (differ(old, new, ORIGIN_SPEC, &complaint)) {
		complain_cure(&complaint,
		              "only trials to the same specification can be "
		              "compared");
	} else if (!options->across &&
	           differ(old, new, ORIGIN_MACHINE, &complaint)) {
		complain_cure(&complaint,
		              "--across compares two machines all the same");
	} else {
		return STATUS_OK;
	}
	return say_complaint(&complaint, STATUS_USAGE);
}

/* --- what is told --------------------------------------------------------- */

static int put(FILE *out, char *text)
{
	int err = !text || fputs(text, out) == EOF;

	free(text);
	return err ? STATUS_OUTPUT : STATUS_OK;
}

/* 1 for a regression, 6 where a row cannot tell. */
static int judge(const struct difference *difference, double above)
{
	int status = STATUS_OK;

	for (size_t i = 0; i < difference->count; i++) {
		const struct summary *ratio = &difference->rows[i].ratio;
		bool worse = ratio->interval && ratio->low > 1 + above;

		if (worse || !ratio->interval)
			status = status_worse(status, worse ? STATUS_BUG
			                                    : STATUS_UNDECIDED);
	}
	return status;
}

static int tell(const struct difference *difference,
                const struct options *options)
{
	struct complaint complaint = { 0 };
	int status;

	if (difference->count == 0) {
		complain(&complaint, "records",
		         difference->paired
		                 ? "the two were never run with as many workers"
		                 : "old and new have no strategy with as many "
		                   "workers in common");
		return say_complaint(&complaint, STATUS_USAGE);
	}
	if (!options->common.quiet)
		(void)put(stderr, difference_notes(difference));
	status = put(stdout,
	             options->common.json
	                     ? difference_json(difference)
	                     : difference_table(difference,
	                                        say_in_color(STDOUT_FILENO)));
	if (options->gate)
		status =
		        status_worse(status, judge(difference, options->above));
	return status;
}

/* --- two files ------------------------------------------------------------ */

static bool has_run(const struct archive *archive, const char *uuid)
{
	for (size_t i = 0; uuid && i < archive->runs_count; i++) {
		if (strcmp(archive->runs[i].uuid, uuid) == 0)
			return true;
	}
	return false;
}

/* --run stands for both files, and is taken where it is. */
static int select_archives(struct archive *old, struct archive *new,
                           const struct options *options)
{
	bool in_old = has_run(old, options->run);
	bool in_new = has_run(new, options->run);
	bool quiet = options->common.quiet;
	int status = input_select(old, in_old || !in_new ? options->run : NULL,
	                          cure, quiet);

	if (status == STATUS_OK)
		status = input_select(new, in_new ? options->run : NULL, cure,
		                      quiet);
	return status;
}

static int diff_archives(const struct archive *old, const struct archive *new,
                         const struct options *options)
{
	struct comparison before = { 0 }, after = { 0 };
	struct difference difference = { 0 };
	int status;

	if (comparison_of(&before, old) < 0 || comparison_of(&after, new) < 0 ||
	    difference_of_archives(&difference, &before, &after) < 0)
		status = say_error("comparing", -ENOMEM, STATUS_RESOURCE);
	else
		status = tell(&difference, options);
	difference_free(&difference);
	comparison_free(&before);
	comparison_free(&after);
	return status;
}

static int diff_files(const struct options *options)
{
	struct archive old = { 0 }, new = { 0 };
	int status = input_read(&old, &options->names[0], 1);

	if (status == STATUS_OK)
		status = input_read(&new, &options->names[1], 1);
	if (status == STATUS_OK)
		status = select_archives(&old, &new, options);
	if (status == STATUS_OK)
		status = check_archives(&old, &new, options);
	if (status == STATUS_OK)
		status = diff_archives(&old, &new, options);
	archive_free(&old);
	archive_free(&new);
	return status;
}

/* --- two strategies ------------------------------------------------------- */

static bool was_run(const struct comparison *comparison, const char *strategy)
{
	for (size_t i = 0; i < comparison->count; i++) {
		if (strcmp(comparison->cells[i].point.strategy, strategy) == 0)
			return true;
	}
	return false;
}

static int check_strategies(const struct comparison *comparison,
                            const struct options *options)
{
	struct complaint complaint = { 0 };

	for (int i = 0; i < 2; i++) {
		if (was_run(comparison, options->names[i]))
			continue;
		complain(&complaint, options->names[i],
		         "these records have no trial of it");
		return say_complaint(&complaint, STATUS_USAGE);
	}
	return STATUS_OK;
}

static int diff_of_comparison(const struct comparison *comparison,
                              const struct options *options)
{
	struct difference difference = { 0 };
	int status = check_strategies(comparison, options);

	if (status != STATUS_OK)
		return status;
	if (difference_of_strategies(&difference, comparison, options->names[0],
	                             options->names[1]) < 0)
		status = say_error("comparing", -ENOMEM, STATUS_RESOURCE);
	else
		status = tell(&difference, options);
	difference_free(&difference);
	return status;
}

static int diff_strategies(const struct options *options)
{
	struct archive archive = { 0 };
	struct comparison comparison = { 0 };
	char *file = options->records;
	int status = input_read(&archive, &file, 1);

	if (status == STATUS_OK)
		status = input_select(&archive, options->run, cure,
		                      options->common.quiet);
	if (status == STATUS_OK && comparison_of(&comparison, &archive) < 0)
		status = say_error("comparing", -ENOMEM, STATUS_RESOURCE);
	if (status == STATUS_OK)
		status = diff_of_comparison(&comparison, options);
	comparison_free(&comparison);
	archive_free(&archive);
	return status;
}

/* --- usage ---------------------------------------------------------------- */

static int refuse_count(const struct options *options)
{
	struct complaint complaint = { 0 };

	complain(&complaint, "arguments", "%s, not %d",
	         options->records ? "two strategies are compared"
	                          : "two files are compared",
	         options->names_count);
	complain_cure(&complaint, options->records
	                                  ? "racelab diff A B --records=FILE"
	                                  : "racelab diff OLD NEW");
	return say_complaint(&complaint, STATUS_USAGE);
}

/* Names of strategies without --records would be files that are not there. */
static int refuse_strategies(const struct options *options)
{
	struct complaint complaint = { 0 };

	complain(&complaint, options->names[0],
	         "there is no such file, but there is such a strategy");
	complain_cure(&complaint, "racelab diff %s %s --records=FILE",
	              options->names[0], options->names[1]);
	return say_complaint(&complaint, STATUS_USAGE);
}

int cmd_diff(int argc, char **argv)
{
	struct options options = { 0 };
	struct complaint complaint = { 0 };

	options_parse(&argp, "diff", argc, argv, &options);
	if (options.names_count != 2)
		return refuse_count(&options);
	if (!options.records) {
		if (run_strategy(options.names[0]) &&
		    access(options.names[0], F_OK) != 0)
			return refuse_strategies(&options);
		return diff_files(&options);
	}
	if (strcmp(options.names[0], options.names[1]) == 0) {
		complain(&complaint, options.names[0],
		         "is compared with itself");
		return say_complaint(&complaint, STATUS_USAGE);
	}
	return diff_strategies(&options);
}
