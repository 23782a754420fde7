#include "harness/base/process.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* Long enough for any machine; where all is well, nothing waits for it. */
enum { PATIENCE_MS = 20000 };

static void leave_7(void *argument)
{
	(void)argument;
	_exit(7);
}

/* Statuses of waitpid are compared as they are: 7 << 8 is an exit with 7. */
static void do_nothing(void *argument)
{
	(void)argument;
}

static void sleep_forever(void *argument)
{
	(void)argument;
	for (;;)
		(void)pause();
}

static void burn(void *argument)
{
	for (volatile bool *go = argument; *go;)
		continue;
}

static pid_t forked(process_body *body, void *argument)
{
	pid_t pid = process_fork(body, argument);

	cr_assert_gt(pid, 0, "no child: %d", pid);
	return pid;
}

Test(process, leaves_with_0_after_its_body)
{
	cr_expect_eq(process_reap(forked(do_nothing, NULL)), 0, "not with 0");
}

Test(process, is_reaped_with_its_status)
{
	pid_t pid = forked(leave_7, NULL);

	cr_expect_eq(process_reap(pid), 7 << 8, "not with 7");
	cr_expect_eq(waitpid(pid, NULL, WNOHANG), -1, "it can be reaped again");
}

static void handle(int signal)
{
	(void)signal;
}

static void interrupt_parent(void *argument)
{
	pid_t *parent = argument;

	for (int i = 0; i < 20; i++) {
		(void)kill(*parent, SIGUSR1);
		(void)poll(NULL, 0, 1);
	}
	_exit(7);
}

Test(process, is_reaped_also_where_a_signal_comes_in_between)
{
	struct sigaction action = { .sa_handler = handle };
	pid_t parent = getpid();

	cr_assert_eq(sigaction(SIGUSR1, &action, NULL), 0, "no handler");
	cr_expect_eq(process_reap(forked(interrupt_parent, &parent)), 7 << 8,
	             "not with 7");
}

/* --- who outlives whom ---------------------------------------------------- */

struct family {
	int said[2]; /* a child tells its pid here ... */
	int go[2];   /* ... and its parent leaves when this says so */
	process_body *child;
	bool detached;
};

/* The middle of three: forks the last, and leaves it alone when told. */
static void parent(void *argument)
{
	struct family *family = argument;
	pid_t pid = family->detached
	                    ? process_fork_detached(family->child, family,
	                                            family->said[1])
	                    : process_fork(family->child, family);
	char byte;

	(void)!write(family->said[1], &pid, sizeof(pid));
	(void)!read(family->go[0], &byte, 1);
}

static bool readable(int fd, int ms)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	return poll(&wait, 1, ms) == 1;
}

/* Starts the family; returns the last one's pidfd. */
static int start_family(struct family *family, pid_t *middle, pid_t *last)
{
	int pidfd;

	cr_assert_eq(pipe2(family->said, O_CLOEXEC), 0, "no pipe");
	cr_assert_eq(pipe2(family->go, O_CLOEXEC), 0, "no pipe");
	*middle = forked(parent, family);
	cr_assert(readable(family->said[0], PATIENCE_MS), "it says nothing");
	cr_assert_eq(read(family->said[0], last, sizeof(*last)),
	             (ssize_t)sizeof(*last), "it says no pid");
	pidfd = pidfd_open(*last, 0);
	cr_assert_geq(pidfd, 0, "pidfd_open %d: %s", *last, strerror(errno));
	return pidfd;
}

Test(process, does_not_outlive_its_parent)
{
	struct family family = { .child = sleep_forever };
	pid_t middle, last;
	int pidfd = start_family(&family, &middle, &last);

	cr_expect_not(readable(pidfd, 0), "it is gone too early");
	(void)!write(family.go[1], "", 1);
	(void)process_reap(middle);
	cr_expect(readable(pidfd, PATIENCE_MS), "it is still there");
}

Test(process, does_not_outlive_a_parent_that_was_killed)
{
	struct family family = { .child = sleep_forever };
	pid_t middle, last;
	int pidfd = start_family(&family, &middle, &last);

	(void)kill(middle, SIGKILL);
	(void)process_reap(middle);
	cr_expect(readable(pidfd, PATIENCE_MS), "it is still there");
}

Test(process, outlives_its_parent_where_it_is_detached)
{
	struct family family = { .child = sleep_forever, .detached = true };
	pid_t middle, last;
	int pidfd = start_family(&family, &middle, &last);

	(void)kill(middle, SIGKILL);
	(void)process_reap(middle);
	cr_expect_not(readable(pidfd, 50), "it is gone");
	cr_expect_eq(kill(last, SIGKILL), 0, "it is gone");
}

/* The mask of the signals that a process ignores. */
static unsigned long long ignored_by(pid_t pid)
{
	unsigned long long mask = 0;
	char path[64], line[256];
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	cr_assert_not_null(file, "%s", path);
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, "SigIgn:", 7) == 0)
			mask = strtoull(line + 7, NULL, 16);
	}
	(void)fclose(file);
	return mask;
}

static bool ignores(pid_t pid, int signal)
{
	for (int i = 0; i < PATIENCE_MS; i++) {
		if (ignored_by(pid) >> (signal - 1) & 1)
			return true;
		(void)poll(NULL, 0, 1);
	}
	return false;
}

Test(process, ignores_the_signals_of_a_terminal_where_it_is_detached)
{
	struct family family = { .child = sleep_forever, .detached = true };
	pid_t middle, last;
	int pidfd = start_family(&family, &middle, &last);

	cr_expect(ignores(last, SIGINT), "not SIGINT");
	cr_expect(ignores(last, SIGTERM), "not SIGTERM");
	cr_expect(ignores(last, SIGHUP), "not SIGHUP");
	cr_expect_eq(getsid(last), last, "it is in our session");
	cr_expect_not(readable(pidfd, 0), "it is gone");
	(void)kill(last, SIGKILL);
	(void)kill(middle, SIGKILL);
	(void)process_reap(middle);
}

/* What a detached child has open: 'n' for /dev/null, 'o' for something else. */
static void tell_descriptors(void *argument)
{
	struct family *family = argument;
	char open_as[32] = { 0 };

	for (int fd = 0; fd < (int)sizeof(open_as); fd++) {
		char link[64], name[64] = "";

		(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		if (readlink(link, name, sizeof(name) - 1) > 0)
			open_as[fd] =
			        strcmp(name, "/dev/null") == 0 ? 'n' : 'o';
	}
	(void)!write(family->said[1], open_as, sizeof(open_as));
}

/* In a child: Criterion needs the descriptors that would be replaced. */
static void fork_with_only(struct family *family, int keep)
{
	pid_t pid;

	if (dup2(family->said[1], keep) < 0 || dup2(keep, 20) < 0)
		_exit(1);
	family->said[1] = keep;
	pid = process_fork_detached(tell_descriptors, family, keep);
	(void)process_reap(pid);
	_exit(0);
}

static void expect_only(int keep)
{
	struct family family = { .child = tell_descriptors };
	char open_as[32];
	pid_t pid;

	cr_assert_eq(pipe(family.said), 0, "no pipe");
	pid = fork();
	cr_assert_geq(pid, 0, "no child");
	if (pid == 0)
		fork_with_only(&family, keep);
	(void)close(family.said[1]);
	(void)process_reap(pid);
	cr_assert_eq(read(family.said[0], open_as, sizeof(open_as)),
	             (ssize_t)sizeof(open_as), "it says nothing");
	(void)close(family.said[0]);
	for (int fd = 0; fd < (int)sizeof(open_as); fd++) {
		char want = fd < 3 ? 'n' : '\0';

		if (fd == keep)
			want = 'o';
		cr_expect_eq(open_as[fd], want,
		             "keeping %d, descriptor %d is '%c'", keep, fd,
		             open_as[fd]);
	}
}

Test(process, keeps_one_descriptor_where_it_is_detached)
{
	expect_only(12);
	expect_only(3);
	expect_only(31);
	expect_only(0);
}

/* --- programs ------------------------------------------------------------- */

static int shell(const char *command)
{
	const char *const arguments[] = { "sh", "-c", command, NULL };

	return process_run(arguments);
}

Test(process, runs_a_program_and_tells_how_it_ended)
{
	static const char *const none[] = { "racelab-no-such-program", NULL };

	cr_expect_eq(shell("exit 0"), 0, "well");
	cr_expect_eq(shell("exit 7"), 7, "with 7");
	cr_expect_eq(shell("kill -9 $$"), 128 + SIGKILL, "killed");
	/* What we ignore, it need not. */
	(void)signal(SIGPIPE, SIG_IGN);
	cr_expect_eq(shell("kill -13 $$"), 128 + SIGPIPE, "by a pipe");
	/* In PATH there may be a folder that we may not look into. */
	(void)setenv("PATH", "/usr/bin:/bin", 1);
	cr_expect_eq(process_run(none), -ENOENT, "not there");
}

Test(process, runs_a_program_with_nothing_to_read)
{
	int ends[2];

	cr_assert_eq(pipe(ends), 0, "no pipe");
	cr_assert_eq(write(ends[1], "ours\n", 5), 5, "no input");
	cr_assert_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO, "no stdin");
	cr_expect_eq(shell("read line && exit 9; exit 5"), 5,
	             "it read what was ours");
	cr_expect(readable(ends[0], 0), "our input is gone");
}

Test(process, runs_a_program_without_a_shell_in_between)
{
	static const char *const arguments[] = {
		"sh",
		"-c",
		"test \"$1\" = '`exit 9`; exit 9 $(exit 9)'",
		"sh",
		"`exit 9`; exit 9 $(exit 9)",
		NULL
	};

	cr_expect_eq(process_run(arguments), 0, "an argument was interpreted");
}

/* --- a look --------------------------------------------------------------- */

/* Until a child of ours looks like STATE. */
static bool look_until(pid_t pid, char state, struct process_peek *peek)
{
	for (int i = 0; i < PATIENCE_MS; i++) {
		if (process_peek(pid, peek) == 0 && peek->state == state)
			return true;
		(void)poll(NULL, 0, 1);
	}
	return false;
}

/* Until two looks in a row give the same: the last switch is counted late. */
static bool look_until_still(pid_t pid, struct process_peek *peek)
{
	struct process_peek before;

	for (int i = 0; i < PATIENCE_MS; i++) {
		if (!look_until(pid, 'S', &before))
			return false;
		(void)poll(NULL, 0, 1);
		if (process_peek(pid, peek) == 0 &&
		    peek->switches == before.switches &&
		    peek->cpu_ns == before.cpu_ns)
			return true;
	}
	return false;
}

Test(process, is_seen_asleep_and_stopped)
{
	pid_t pid = forked(sleep_forever, NULL);
	struct process_peek peek, later;

	cr_assert(look_until_still(pid, &peek), "it never sleeps");
	(void)kill(pid, SIGSTOP);
	cr_expect(look_until(pid, 'T', &later), "it never stops");
	(void)kill(pid, SIGKILL);
	(void)process_reap(pid);
}

Test(process, is_seen_at_work)
{
	volatile bool go = true;
	pid_t pid = forked(burn, (void *)&go);
	struct process_peek peek, later = { 0 };

	cr_assert(look_until(pid, 'R', &peek), "it never runs");
	for (int i = 0; i < PATIENCE_MS && later.cpu_ns <= peek.cpu_ns; i++) {
		(void)poll(NULL, 0, 1);
		cr_assert_eq(process_peek(pid, &later), 0, "no second look");
	}
	cr_expect_gt(later.cpu_ns, peek.cpu_ns, "it used no time");
	(void)kill(pid, SIGKILL);
	(void)process_reap(pid);
}

Test(process, is_not_seen_once_it_has_ended)
{
	pid_t pid = forked(do_nothing, NULL);
	struct process_peek peek;
	siginfo_t info;

	cr_assert_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0,
	             "it does not end");
	cr_expect_eq(process_peek(pid, &peek), -ESRCH, "a zombie");
	(void)process_reap(pid);
	cr_expect_eq(process_peek(pid, &peek), -ESRCH, "nobody");
}
