/* racelab: finds the subcommand and hands over. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/build.h"
#include "harness/cmd/cmd.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary; /* NULL: it is not listed */
} commands[] = {
	{ "list", cmd_list, "list the strategies and what they claim" },
	{ "run", cmd_run, "run strategies and count what they lose" },
	{ "compare", cmd_compare, "compare strategies: cost, loss, plots" },
	{ "loss", cmd_loss, "how many updates are lost, and how many at once" },
	{ "diff", cmd_diff, "is a difference between records real?" },
	{ "explore", cmd_explore, "try every interleaving, prove or refute" },
	{ "replay", cmd_replay, "show a witness of explore step by step" },
	{ "ipc", cmd_ipc, "compare ways to talk: latency, throughput" },
	{ "plot", cmd_plot, "draw figures from records" },
	{ "show", cmd_show, "for a lecture: final totals, live" },
	{ "doctor", cmd_doctor, "what this machine can and cannot show" },
	{ "gc", cmd_gc, "remove IPC objects that a killed run left behind" },
	{ "version", cmd_version, "print the version" },
	{ "compile", cmd_compile, NULL },
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void usage(FILE *out)
{
	(void)fputs("Usage: racelab COMMAND [OPTION...] [ARGUMENT...]\n"
	            "See, measure and compare races between processes.\n\n"
	            "Commands:\n",
	            out);
	for (size_t i = 0; i < COMMANDS; i++) {
		if (commands[i].summary)
			(void)fprintf(out, "  %-9s %s\n", commands[i].name,
			              commands[i].summary);
	}
	(void)fputs("\nracelab COMMAND --help says more about each.\n\n"
	            "Example:\n  racelab run none mutex\n",
	            out);
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

static int refuse(const char *name)
{
	(void)fprintf(stderr,
	              "racelab: %s: there is no such command\n"
	              "  racelab --help lists them\n",
	              name);
	return STATUS_USAGE;
}

static int dispatch(int argc, char **argv)
{
	static char help_option[] = "--help";
	const struct command *command;

	if (argc < 2) {
		usage(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		(void)printf("racelab %s\n", build_info.version);
		return STATUS_OK;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    (strcmp(argv[1], "help") == 0 && argc == 2)) {
		usage(stdout);
		return STATUS_OK;
	}
	/* `racelab help run` is `racelab run --help` */
	if (strcmp(argv[1], "help") == 0) {
		char *argv_of_help[] = { argv[0], help_option, NULL };

		command = find(argv[2]);
		return command ? command->run(2, argv_of_help)
		               : refuse(argv[2]);
	}
	command = find(argv[1]);
	if (!command)
		return refuse(argv[1]);
	argv[1] = argv[0];
	return command->run(argc - 1, argv + 1);
}

/*
 * A closed descriptor would be taken by the next file we open, and what we
 * print would end up in there. What takes its place cannot be written (or, for
 * standard input, read) either.
 */
static void hold_standard_descriptors(void)
{
	for (int fd = 0; fd < 3; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd ? O_RDONLY : O_WRONLY);
	}
}

int main(int argc, char **argv)
{
	static char name[] = "racelab";

	hold_standard_descriptors();
	if (argc > 0)
		argv[0] = name; /* messages begin with it */
	/* A file that may not grow, or a reader that left, is an error. */
	(void)signal(SIGXFSZ, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)atexit(say_end_of_help);
	return say_end(dispatch(argc, argv));
}
