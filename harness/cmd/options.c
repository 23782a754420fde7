#include "harness/cmd/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cmd/cmd.h"

enum {
	KEY_JSON = 0x100,
	KEY_PIN,
	KEY_SEED,
	KEY_INSIDE,
	KEY_OUTSIDE,
	KEY_LATENCY,
	KEY_WHERE,
	KEY_AS,
	KEY_IN
};

static error_t parse_common(int key, char *value, struct argp_state *state)
{
	struct common_options *options = state->input;

	(void)value;
	switch (key) {
	case KEY_JSON:
		options->json = true;
		return 0;
	case 'q':
		options->quiet = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option common_table[] = {
	{ "json", KEY_JSON, NULL, 0, "Print JSON for programs", 8 },
	{ "quiet", 'q', NULL, 0, "Print results only: no progress, no advice",
	  8 },
	{ 0 },
};

const struct argp common_argp = { common_table, parse_common, NULL, NULL,
	                          NULL,         NULL,         NULL };

void options_refuse(const char *option, const char *value, const char *choices)
{
	struct complaint complaint = { 0 };

	complain(&complaint, option, "\"%s\" is not %s", value, choices);
	exit(say_complaint(&complaint, STATUS_USAGE));
}

/* Digits, and perhaps a point: no sign, no blank, no "inf". */
double options_percent(const char *option, const char *value)
{
	size_t digits = strspn(value, "0123456789");
	size_t length = digits + (value[digits] == '.');
	double percent = strtod(value, NULL);

	length += strspn(value + length, "0123456789");
	if (digits == 0 || value[length] || percent > 10000)
		options_refuse(
		        option, value,
		        "a percentage from 0 to 10000, such as 5 or 2.5");
	return percent / 100;
}

error_t parse_only_common(int key, char *value, struct argp_state *state)
{
	(void)value;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = state->input;
		return 0;
	case ARGP_KEY_ARG:
		options_refuse("argument", value, "expected here");
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp_child only_common[] = { { &common_argp, 0, NULL, 0 }, { 0 } };

static error_t parse_run(int key, char *value, struct argp_state *state)
{
	struct run_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->common;
		return 0;
	case ARGP_KEY_ARGS:
		options->text.strategies =
		        (const char *const *)state->argv + state->next;
		options->text.strategies_count =
		        (size_t)(state->argc - state->next);
		return 0;
	case 'w':
		options->text.workers = value;
		return 0;
	case 't':
		options->text.time_ms = value;
		return 0;
	case 'n':
		options->text.count = value;
		return 0;
	case 'r':
		options->text.trials = value;
		return 0;
	case 'o':
		options->output = value;
		return 0;
	case KEY_PIN:
		options->text.pin = value;
		return 0;
	case KEY_AS:
		options->text.as = value;
		return 0;
	case KEY_IN:
		options->text.memory = value;
		return 0;
	case KEY_SEED:
		options->text.seed = value;
		return 0;
	case KEY_INSIDE:
		options->text.inside_ns = value;
		return 0;
	case KEY_OUTSIDE:
		options->text.outside_ns = value;
		return 0;
	case KEY_LATENCY:
		options->text.latency = true;
		return 0;
	case KEY_WHERE:
		options->text.where = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option run_table[] = {
	{ "workers", 'w', "LIST", 0,
	  "How many workers, as 2, 1,2,4-8, or 1..64, which doubles", 1 },
	{ "time", 't', "MS", 0, "Bound a trial by time (default: 100 ms)", 1 },
	{ "count", 'n', "K", 0, "Bound a trial by K increments of each worker",
	  1 },
	{ "trials", 'r', "R", 0, "Trials of each strategy and worker count",
	  1 },
	{ "pin", KEY_PIN, "HOW", 0,
	  "Bind workers to CPUs: spread (default), same, none, smt, several "
	  "of them to compare, or a list of CPUs as 0,2-3",
	  1 },
	{ "inside", KEY_INSIDE, "NS", 0,
	  "Work inside the lock, between load and store: 0,100,1000", 1 },
	{ "window", KEY_INSIDE, "NS", 0,
	  "The same; of none it widens the gap in which updates are lost", 1 },
	{ "outside", KEY_OUTSIDE, "NS", 0,
	  "Think time between two increments: 0,100,1000", 1 },
	{ "latency", KEY_LATENCY, NULL, 0,
	  "Time each increment, in trials apart: percentiles, longest wait, "
	  "handovers",
	  1 },
	{ "where", KEY_WHERE, NULL, 0,
	  "Say where the time goes: processor time, waiting, switches, what "
	  "the processor counts",
	  1 },
	{ "as", KEY_AS, "KIND", 0,
	  "What the workers are: processes (default) or threads", 1 },
	{ "in", KEY_IN, "MEMORY", 0,
	  "What counter and lock lie in: anon (default), sysv, posix, file, "
	  "memfd",
	  1 },
	{ "seed", KEY_SEED, "N", 0, "Seed of the order of the trials", 1 },
	{ "output", 'o', "FILE", 0, "Append the records to FILE (JSON Lines)",
	  2 },
	{ 0 },
};

const struct argp run_argp = { run_table,   parse_run, NULL, NULL,
	                       only_common, NULL,      NULL };

/*
 * Errors begin with "racelab:", but the help speaks of "racelab run". getopt
 * takes the former from argv[0]; argp takes the latter from there too, unless
 * argv was replaced at ARGP_KEY_INIT: then from program_invocation_short_name.
 */
struct outer {
	char **argv; /* a copy */
	void *input;
};

static error_t parse_outer(int key, char *value, struct argp_state *state)
{
	const struct outer *outer = state->input;

	(void)value;
	if (key == 'h')
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->argv = outer->argv;
	state->child_inputs[0] = outer->input;
	return 0;
}

/* argp itself knows -? only, which a shell may take for a file's name. */
static const struct argp_option outer_table[] = {
	{ NULL, 'h', NULL, OPTION_HIDDEN, "Give this help list", -1 },
	{ 0 },
};

void options_parse(const struct argp *argp, const char *command, int argc,
                   char **argv, void *input)
{
	static char name[32];
	struct argp_child children[] = { { argp, 0, NULL, 0 }, { 0 } };
	struct argp top = { outer_table, parse_outer, NULL, NULL,
		            children,    NULL,        NULL };
	/* Arguments point into it: it lives as long as the program. */
	static char **copy;
	struct outer outer = { .input = input };
	int err;

	copy = calloc((size_t)argc + 1, sizeof(*copy));
	if (!copy)
		exit(say_error(command, -ENOMEM, STATUS_RESOURCE));
	memcpy(copy, argv, (size_t)argc * sizeof(*copy));
	outer.argv = copy;
	(void)snprintf(name, sizeof(name), "racelab %s", command);
	program_invocation_short_name = name;
	argp_err_exit_status = STATUS_USAGE;
	/* The parsers return no errors of their own: argp exits for them. */
	err = argp_parse(&top, argc, argv, 0, NULL, &outer);
	if (err)
		exit(say_error(command, -err, STATUS_RESOURCE));
}
