#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness/cmd/cmd.h"
#include "harness/cmd/draw_ways.h"
#include "harness/cmd/input.h"
#include "harness/cmd/options.h"

enum { KEY_TERM = 0x200, KEY_RUN };

struct options {
	struct common_options common;
	const char *directory, *run;
	bool dumb;
	char **files;
	int files_count;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->common;
		return 0;
	case 'd':
		options->directory = value;
		return 0;
	case KEY_TERM:
		if (strcmp(value, "dumb") != 0)
			options_refuse("--term", value, "dumb");
		options->dumb = true;
		return 0;
	case KEY_RUN:
		options->run = value;
		return 0;
	case ARGP_KEY_ARGS:
		options->files = state->argv + state->next;
		options->files_count = state->argc - state->next;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "directory", 'd', "DIR", 0, "Draw into DIR (default: plots/out)", 1 },
	{ "term", KEY_TERM, "dumb", 0, "Draw with characters, on the terminal",
	  1 },
	{ "run", KEY_RUN, "UUID", 0,
	  "Draw this run, and what goes with it (default: the last)", 1 },
	{ 0 },
};

static const struct argp_child children[] = { { &common_argp, 0, NULL, 0 },
	                                      { 0 } };

static const struct argp argp = {
	table,
	parse,
	"FILE...",
	"Draw figures from records, as SVG and PNG.\v"
	"Examples:\n"
	"  racelab plot results/compare.jsonl\n"
	"  racelab plot --term=dumb results/compare.jsonl\n\n"
	"Runs of the same machine, build and specification are drawn together; "
	"others are left out, which is said.",
	children,
	NULL,
	NULL
};

/* The runs of racelab ipc have messages instead of trials. */
static int draw_messages(const struct archive *archive,
                         const struct draw_options *options)
{
	struct complaint complaint = { 0 };
	struct ways ways;
	int status;

	if (ways_of(&ways, archive) < 0)
		return say_error("plots", -ENOMEM, STATUS_RESOURCE);
	if (ways.count > 0) {
		status = draw_ways(&ways, options);
	} else {
		complain(&complaint, "records", "there is no trial in them");
		status = say_complaint(&complaint, STATUS_USAGE);
	}
	ways_free(&ways);
	return status;
}

static int draw(const struct archive *archive, const struct options *options)
{
	struct draw_options draw_options = {
		.directory = options->directory,
		.dumb = options->dumb,
		.quiet = options->common.quiet,
		.json = options->common.json,
	};
	struct comparison comparison;
	int status;

	if (comparison_of(&comparison, archive) < 0)
		return say_error("plots", -ENOMEM, STATUS_RESOURCE);
	status = comparison.count > 0 ? draw_figures(&comparison, &draw_options)
	                              : draw_messages(archive, &draw_options);
	comparison_free(&comparison);
	return status;
}

int cmd_plot(int argc, char **argv)
{
	struct options options = { .directory = "plots/out" };
	struct archive archive = { 0 };
	struct complaint complaint = { 0 };
	int status;

	options_parse(&argp, "plot", argc, argv, &options);
	if (options.files_count == 0) {
		complain(&complaint, "no file", "nothing to draw");
		complain_cure(
		        &complaint,
		        "racelab compare -o results/compare.jsonl makes one");
		return say_complaint(&complaint, STATUS_USAGE);
	}
	status = input_read(&archive, options.files, options.files_count);
	if (status == STATUS_OK)
		status = input_select(&archive, options.run,
		                      "--run=UUID draws one of them",
		                      options.common.quiet);
	if (status == STATUS_OK)
		status = draw(&archive, &options);
	archive_free(&archive);
	return status;
}
