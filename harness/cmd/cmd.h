/*
 * The subcommands, and what they share. Only this folder and main.c print or
 * decide an exit status.
 */
#ifndef HARNESS_CMD_CMD_H
#define HARNESS_CMD_CMD_H

#include <stdbool.h>

#include "harness/base/complaint.h"

/* Exit statuses, everywhere the same. Ended by signal n: 128 + n. */
enum status {
	STATUS_OK = 0,
	STATUS_BUG = 1,         /* the experiment shows a bug */
	STATUS_USAGE = 2,       /* wrong usage or unreadable input */
	STATUS_RESOURCE = 3,    /* a resource is missing */
	STATUS_WORKER = 4,      /* a worker crashed or hung */
	STATUS_OUTPUT = 5,      /* results could not be written */
	STATUS_UNDECIDED = 6,   /* too little evidence */
	STATUS_IMPOSSIBLE = 77, /* not possible on this machine */
};

/* Each takes its own argv, argv[0] being "racelab", and gives a status. */
int cmd_compare(int argc, char **argv);
int cmd_compile(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_explore(int argc, char **argv);
int cmd_gc(int argc, char **argv);
int cmd_ipc(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_loss(int argc, char **argv);
int cmd_plot(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_version(int argc, char **argv);

/* The one of two statuses that matters more. */
int status_worse(int a, int b);

/* Prints "racelab: WHAT: WHY" and the cure on stderr; returns STATUS. */
int say_complaint(const struct complaint *complaint, int status);

/* The same for what was asked for and is wrong, or for -EOPNOTSUPP: not here. */
int say_refused(const struct complaint *complaint, int err);

/* Prints "racelab: WHAT: WHY" for -ERR; returns STATUS. */
int say_error(const char *what, int err, int status);

/*
 * Standard output could not be written, for -ERR. Says so, unless it is only
 * that the reader has left, as `| head` does. Returns STATUS_OUTPUT.
 */
int say_lost_output(int err);

/*
 * The end of the program with STATUS, or with what is worse: output that could
 * not be written, which may show only now. The second is for atexit(3): argp
 * ends the program by itself after --help.
 */
int say_end(int status);
void say_end_of_help(void);

/* Whether to color what goes to that descriptor: a terminal, and no NO_COLOR. */
bool say_in_color(int fd);

#endif
