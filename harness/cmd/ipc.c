#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/cmd/cmd.h"
#include "harness/cmd/draw_ways.h"
#include "harness/cmd/ipc_session.h"
#include "harness/cmd/options.h"

enum { KEY_SIZES = 0x200, KEY_PIN, KEY_SEED, KEY_PLOT, KEY_LIST };

struct options {
	struct common_options common;
	struct ipc_text text;
	const char *output, *plots; /* files, or NULL */
	bool list;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct options *options = state->input;
	struct ipc_text *text = &options->text;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->common;
		return 0;
	case ARGP_KEY_ARGS:
		text->channels = (const char *const *)state->argv + state->next;
		text->channels_count = (size_t)(state->argc - state->next);
		return 0;
	case KEY_SIZES:
		text->sizes = value;
		return 0;
	case 't':
		text->time_ms = value;
		return 0;
	case 'r':
		text->trials = value;
		return 0;
	case KEY_PIN:
		text->pin = value;
		return 0;
	case KEY_SEED:
		text->seed = value;
		return 0;
	case 'o':
		options->output = value;
		return 0;
	case KEY_PLOT:
		options->plots = value ? value : "plots/out";
		return 0;
	case KEY_LIST:
		options->list = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "sizes", KEY_SIZES, "LIST", 0,
	  "Bytes of a message (default: 1,64,4096,65536,1048576)", 1 },
	{ "time", 't', "MS", 0,
	  "How long to measure each, once for latency and once for throughput "
	  "(default: 50 ms)",
	  1 },
	{ "trials", 'r', "R", 0, "Trials of each (default: 7)", 1 },
	{ "pin", KEY_PIN, "HOW", 0,
	  "Bind the two processes to CPUs: spread (default) or same", 1 },
	{ "seed", KEY_SEED, "N", 0, "Seed of the order of the trials", 1 },
	{ "output", 'o', "FILE", 0, "Append the records to FILE (JSON Lines)",
	  2 },
	{ "plot", KEY_PLOT, "DIR", OPTION_ARG_OPTIONAL,
	  "Draw figures, too (into plots/out)", 2 },
	{ "list", KEY_LIST, NULL, 0, "List the channels, and measure nothing",
	  3 },
	{ 0 },
};

static const struct argp_child children[] = { { &common_argp, 0, NULL, 0 },
	                                      { 0 } };

static const struct argp argp = {
	table,
	parse,
	"[CHANNEL...]",
	"Compare ways to talk: how long a message is on its way from process "
	"to process, and how much gets through.\v"
	"Examples:\n"
	"  racelab ipc\n"
	"  racelab ipc pipe shm_spin --sizes=64,65536 -t 20 -r 9\n"
	"  racelab ipc --pin=same -o results/ipc.jsonl --plot\n"
	"  racelab ipc --list\n\n"
	"Without channels it takes all. Every byte is checked: a message that "
	"comes damaged ends with status 4.",
	children,
	NULL,
	NULL
};

/* --- the list */

static int list_json(void)
{
	json_t *list = json_array();
	int err;

	for (size_t i = 0; ipc_channels[i]; i++)
		(void)json_array_append_new(
		        list, json_pack("{s:s, s:s, s:s}", "name",
		                        ipc_channels[i]->name, "summary",
		                        ipc_channels[i]->summary, "source",
		                        ipc_channels[i]->source));
	err = json_dumpf(list, stdout, JSON_INDENT(2));
	(void)putchar('\n');
	json_decref(list);
	return err ? STATUS_OUTPUT : STATUS_OK;
}

static int list_text(void)
{
	for (size_t i = 0; ipc_channels[i]; i++)
		(void)printf("%-12s %s\n", ipc_channels[i]->name,
		             ipc_channels[i]->summary);
	return STATUS_OK;
}

/* --- the comparison */

static int print_table(const struct ways *ways)
{
	char *text = ways_table(ways, say_in_color(STDOUT_FILENO));
	int err = !text || fputs(text, stdout) == EOF;

	free(text);
	return err ? STATUS_OUTPUT : STATUS_OK;
}

static int print(const struct ways *ways, const struct options *options)
{
	struct draw_options draw_options = {
		.directory = options->plots,
		.quiet = options->common.quiet || options->common.json,
		.json = options->common.json,
	};
	int status = STATUS_OK;

	if (!options->common.json)
		status = print_table(ways);
	if (options->output && !draw_options.quiet)
		(void)printf("\nrecords appended:\n  %s\n", options->output);
	if (!options->plots)
		return status;
	if (!draw_options.quiet)
		(void)printf("figures:\n");
	return status_worse(status, draw_ways(ways, &draw_options));
}

static int run(const struct ipc_spec *spec, const struct options *options)
{
	struct session_options session_options = {
		.output = options->output,
		.json = options->common.json,
		.progress = !options->common.quiet,
	};
	struct archive archive = { 0 };
	struct ways ways = { 0 };
	int status = ipc_session_run(spec, &session_options, &archive);

	if (status < 128 && archive.messages_count > 0 &&
	    archive_select(&archive, NULL) >= 0)
		status = status_worse(status, ways_of(&ways, &archive) < 0
		                                      ? STATUS_RESOURCE
		                                      : print(&ways, options));
	ways_free(&ways);
	archive_free(&archive);
	return status;
}

int cmd_ipc(int argc, char **argv)
{
	struct options options = { 0 };
	struct complaint complaint = { 0 };
	struct ipc_spec spec;

	options_parse(&argp, "ipc", argc, argv, &options);
	if (options.list)
		return options.common.json ? list_json() : list_text();
	if (ipc_spec_parse(&spec, &options.text, &complaint) < 0)
		return say_complaint(&complaint, STATUS_USAGE);
	return run(&spec, &options);
}
