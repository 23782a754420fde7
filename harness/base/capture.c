#include "harness/base/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/process.h"

enum { OUTPUT, END, SIGNAL, WATCHED };

struct capture {
	int fds[WATCHED];
	char *text;
	size_t size, used;
};

/* Ours but for the locale, which LC_ALL alone decides. To be freed. */
static char **environment_in_c(void)
{
	static char c_locale[] = "LC_ALL=C";
	size_t count = 0, used = 0;
	char **copy;

	while (environ[count])
		count++;
	copy = calloc(count + 2, sizeof(*copy));
	if (!copy)
		return NULL;
	copy[used++] = c_locale;
	for (size_t i = 0; i < count; i++) {
		if (strncmp(environ[i], "LC_ALL=", 7) != 0)
			copy[used++] = environ[i];
	}
	return copy;
}

/* --- in the child --------------------------------------------------------- */

struct child {
	const char *const *arguments;
	const struct capture_limits *limits;
	char **environment;
	int out;
	int failure; /* where errno goes if nothing can be run */
};

/* A lower limit that is there already is a better one. */
static void set_limits(const struct capture_limits *limits)
{
	struct rlimit memory = { limits->bytes, limits->bytes };
	/* Of processor time, in case that nobody is left to look at a clock. */
	struct rlimit cpu = { limits->seconds, limits->seconds };

	(void)setrlimit(RLIMIT_AS, &memory);
	(void)setrlimit(RLIMIT_CPU, &cpu);
	(void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
}

/* What we ignore or block, a program that we run need not. */
static void set_signals(void)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int signal = 1; signal < NSIG; signal++)
		(void)sigaction(signal, &usual, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static void become_program(void *argument)
{
	struct child *child = argument;
	int err = setpgid(0, 0);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (err == 0 && null >= 0 && dup2(null, 0) == 0 &&
	    dup2(child->out, 1) == 1 && dup2(child->out, 2) == 2) {
		set_limits(child->limits);
		set_signals();
		/* argv is not const for historical reasons only: exec(3p) */
		(void)execvpe(child->arguments[0],
		              (char *const *)child->arguments,
		              child->environment);
	}
	err = errno;
	(void)!write(child->failure, &err, sizeof(err));
	_exit(1);
}

/*
 * Not by posix_spawn(), which sets no limits: a compiler has started its own
 * children before they could be set from outside. Returns the pid or -errno.
 */
static pid_t start(struct child *child)
{
	int ends[2], err = 0;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	child->failure = ends[1];
	pid = process_fork(become_program, child);
	(void)close(ends[1]);
	/* Until it is another program or has failed: then the group exists. */
	while (pid > 0 && read(ends[0], &err, sizeof(err)) < 0 &&
	       errno == EINTR)
		continue;
	(void)close(ends[0]);
	if (err)
		(void)process_reap(pid);
	return err ? -err : pid;
}

/* --- in the parent -------------------------------------------------------- */

/* Becomes readable when one of these is pending, that is, blocked. */
static int signals_that_end(void)
{
	sigset_t set;

	(void)sigemptyset(&set); /* these fail only for a bad number */
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGHUP);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Reads some of what is there; what does not fit is dropped. False: nothing. */
static bool drain(struct capture *capture)
{
	char bytes[4096];
	ssize_t count = read(capture->fds[OUTPUT], bytes, sizeof(bytes));
	size_t room = capture->size - 1 - capture->used;
	size_t kept;

	if (count <= 0)
		return false;
	kept = (size_t)count < room ? (size_t)count : room;
	memcpy(capture->text + capture->used, bytes, kept);
	capture->used += kept;
	return true;
}

/* Waits for the program's end. Returns 0, -ETIMEDOUT or -EINTR. */
static int watch(struct capture *capture, uint64_t deadline_ns)
{
	struct pollfd polled[WATCHED];

	for (int i = 0; i < WATCHED; i++)
		polled[i] = (struct pollfd){ capture->fds[i], POLLIN, 0 };
	for (;;) {
		uint64_t now_ns = clock_now_ns();

		if (now_ns >= deadline_ns)
			return -ETIMEDOUT;
		/* Rounded up, or it would spin in the last millisecond. */
		if (poll(polled, WATCHED,
		         (int)((deadline_ns - now_ns) / NS_PER_MS) + 1) < 0 &&
		    errno != EINTR)
			return -errno;
		if (polled[SIGNAL].revents)
			return -EINTR;
		if (polled[OUTPUT].revents)
			(void)drain(capture);
		if (polled[END].revents)
			return 0;
	}
}

static int shell_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
	                           : WEXITSTATUS(status);
}

/*
 * What is left of the group dies first, so that nobody adds to the pipe, and
 * before the pid can be anybody else's.
 */
static int end(struct capture *capture, pid_t pid, int err)
{
	int status;

	(void)kill(-pid, SIGKILL);
	status = process_reap(pid);
	while (drain(capture))
		continue;
	return err ? err : shell_status(status);
}

static int run(struct capture *capture, struct child *child)
{
	uint64_t deadline_ns =
	        clock_now_ns() + (uint64_t)child->limits->seconds * NS_PER_SEC;
	pid_t pid = start(child);
	int err;

	if (pid < 0)
		return pid;
	capture->fds[END] = pidfd_open(pid, 0);
	err = capture->fds[END] < 0 ? -errno : watch(capture, deadline_ns);
	return end(capture, pid, err);
}

static int run_and_close(struct capture *capture, struct child *child)
{
	int result;

	child->environment = environment_in_c();
	capture->fds[SIGNAL] = signals_that_end();
	if (!child->environment)
		result = -ENOMEM;
	else if (capture->fds[SIGNAL] < 0)
		result = -errno;
	else
		result = run(capture, child);
	for (int i = 0; i < WATCHED; i++) {
		if (capture->fds[i] >= 0)
			(void)close(capture->fds[i]);
	}
	free(child->environment);
	return result;
}

int capture_run(const char *const *arguments,
                const struct capture_limits *limits, char *text, size_t size)
{
	struct capture capture = { { -1, -1, -1 }, text, size, 0 };
	struct child child = { .arguments = arguments, .limits = limits };
	int ends[2], result;

	text[0] = '\0';
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	/* Of our end only: the program may find a full pipe, and waits then. */
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	capture.fds[OUTPUT] = ends[0];
	child.out = ends[1];
	result = run_and_close(&capture, &child);
	(void)close(ends[1]);
	text[capture.used] = '\0';
	return result;
}
