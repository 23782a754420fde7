#include "harness/base/capture.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/clock.h"

static const struct capture_limits wide = { 20, UINT64_C(1) << 32 };
static char text[256];

static int shell(const char *command, const struct capture_limits *limits)
{
	const char *const arguments[] = { "sh", "-c", command, NULL };

	return capture_run(arguments, limits, text, sizeof(text));
}

Test(capture, stores_both_outputs_and_tells_how_it_ended)
{
	static const char *const none[] = { "racelab-no-such-program", NULL };

	cr_expect_eq(shell("echo a; echo b >&2; echo c; exit 7", &wide), 7,
	             "not with 7");
	cr_expect_str_eq(text, "a\nb\nc\n", "it said %s", text);
	cr_expect_eq(shell("kill -9 $$", &wide), 128 + SIGKILL, "killed");
	cr_expect_str_empty(text, "it said %s", text);
	(void)setenv("PATH", "/usr/bin:/bin", 1);
	cr_expect_eq(capture_run(none, &wide, text, sizeof(text)), -ENOENT,
	             "not there");
}

Test(capture, keeps_the_beginning_of_a_long_output)
{
	cr_expect_eq(shell("i=0; while [ $i -lt 20000 ]; do echo line $i; "
	                   "i=$((i + 1)); done; exit 3",
	                   &wide),
	             3, "it did not end");
	cr_expect_eq(strlen(text), sizeof(text) - 1, "not full");
	cr_expect_eq(strncmp(text, "line 0\nline 1\n", 14), 0, "it begins %s",
	             text);
}

Test(capture, speaks_the_c_locale)
{
	(void)setenv("LC_ALL", "xx_YY", 1);
	(void)setenv("RACELAB_KEPT", "kept", 1);
	cr_expect_eq(shell("echo $LC_ALL $RACELAB_KEPT", &wide), 0, "failed");
	cr_expect_str_eq(text, "C kept\n", "it is %s", text);
}

/* The marks are found in no other process. */
static bool lives(const char *mark)
{
	char command[128];

	(void)snprintf(command, sizeof(command),
	               "grep -lz '^%s$' /proc/[0-9]*/cmdline 2>/dev/null | "
	               "grep -qv self",
	               mark);
	return system(command) == 0; /* NOLINT(cert-env33-c): nobody's input */
}

Test(capture, ends_it_with_its_children_when_the_time_is_over)
{
	struct capture_limits short_time = { 1, UINT64_C(1) << 32 };
	uint64_t begin_ns = clock_now_ns();

	cr_expect_eq(
	        shell("sh -c 'sleep 3141.5' & echo said; wait", &short_time),
	        -ETIMEDOUT, "not in time");
	cr_expect_lt(clock_now_ns() - begin_ns, 15 * NS_PER_SEC, "too late");
	cr_expect_str_eq(text, "said\n", "it said %s", text);
	cr_expect_not(lives("3141.5"), "a child lives on");
}

Test(capture, ends_what_never_stops_talking)
{
	struct capture_limits short_time = { 1, UINT64_C(1) << 32 };

	cr_expect_eq(shell("yes", &short_time), -ETIMEDOUT, "not in time");
	cr_expect_eq(text[0], 'y', "it said %s", text);
}

Test(capture, leaves_no_child_of_what_ended_well)
{
	cr_expect_eq(shell("sleep 2718.2 >/dev/null 2>&1 & exit 0", &wide), 0,
	             "not well");
	cr_expect_not(lives("2718.2"), "a child lives on");
}

Test(capture, limits_memory)
{
	struct capture_limits narrow = { 20, UINT64_C(64) << 20 };

	cr_expect_neq(shell("x=0123456789abcdef; i=0; sleep 0.2; "
	                    "while [ $i -lt 24 ]; do x=$x$x; i=$((i + 1)); "
	                    "done",
	                    &narrow),
	              0, "it has 256 MiB");
}

Test(capture, ends_early_when_a_blocked_signal_comes)
{
	uint64_t begin_ns = clock_now_ns();
	sigset_t set, pending;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	cr_assert_eq(sigprocmask(SIG_BLOCK, &set, NULL), 0, "not blocked");
	cr_expect_eq(shell("kill -TERM $PPID; sleep 1414.2", &wide), -EINTR,
	             "it was not ended");
	cr_expect_lt(clock_now_ns() - begin_ns, 15 * NS_PER_SEC, "too late");
	cr_expect_eq(sigpending(&pending), 0, "not asked");
	cr_expect_eq(sigismember(&pending, SIGTERM), 1, "it was taken");
	cr_expect_not(lives("1414.2"), "it lives on");
}

Test(capture, blocks_no_signal_in_the_program)
{
	sigset_t set;

	(void)sigfillset(&set);
	cr_assert_eq(sigprocmask(SIG_BLOCK, &set, NULL), 0, "not blocked");
	cr_expect_eq(shell("kill -TERM $$; exit 0", &wide), 128 + SIGTERM,
	             "it blocks SIGTERM");
}
