/* The options that several subcommands share, as argp children. */
#ifndef HARNESS_CMD_OPTIONS_H
#define HARNESS_CMD_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include "harness/run/spec.h"

/* --json, -q */
struct common_options {
	bool json, quiet;
};

extern const struct argp common_argp;

/*
 * The strategies and -w, -t, -n, -r, --pin, --seed, -o: what to run, and where
 * to record it; and the common ones.
 */
struct run_options {
	struct common_options common;
	struct run_text text;
	const char *output;
};

extern const struct argp run_argp;

/* Ends the program: what was said for OPTION is not one of CHOICES. */
void options_refuse(const char *option, const char *value, const char *choices)
        __attribute__((noreturn));

/*
 * The share that "5" or "2.5" percent are, said for OPTION: at least 0, at most
 * 10000 percent. Ends the program where VALUE is nothing of the kind.
 */
double options_percent(const char *option, const char *value);

/* For commands that take nothing but --json and -q; input: common_options. */
extern const struct argp_child only_common[];
error_t parse_only_common(int key, char *value, struct argp_state *state);

/*
 * Parses the command line of `racelab COMMAND`, in which argv[0] is "racelab".
 * Ends the program where --help was asked for or the usage is wrong.
 */
void options_parse(const struct argp *argp, const char *command, int argc,
                   char **argv, void *input);

#endif
