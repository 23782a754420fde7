#include "harness/base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/text.h"

pid_t process_fork(process_body *body, void *argument)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (pid > 0)
		return pid;
	/*
	 * The parent may be gone already, before the request was made. Its pid
	 * tells; a parent of 1 would not, under a subreaper.
	 */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent)
		body(argument);
	_exit(0);
}

static void detach(int keep)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)setsid(); /* fails only for a group leader, which a child is not */
	(void)sigaction(SIGINT, &ignore, NULL);
	(void)sigaction(SIGTERM, &ignore, NULL);
	(void)sigaction(SIGHUP, &ignore, NULL);
	/* An open pipe would keep the reader of our output waiting. */
	for (int fd = 0; fd < 3 && null >= 0; fd++) {
		if (fd != keep)
			(void)dup2(null, fd);
	}
	if (keep > 3)
		(void)close_range(3, (unsigned)keep - 1, 0);
	(void)close_range(keep < 3 ? 3 : (unsigned)keep + 1, ~0u, 0);
}

pid_t process_fork_detached(process_body *body, void *argument, int keep)
{
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (pid > 0)
		return pid;
	detach(keep);
	body(argument);
	_exit(0);
}

int process_reap(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

/* What we ignore, a program that we run need not. These cannot fail. */
static void restore_signals(posix_spawnattr_t *attributes)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGPIPE);
	(void)sigaddset(&set, SIGXFSZ);
	(void)posix_spawnattr_setsigdefault(attributes, &set);
	(void)posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF);
}

int process_run(const char *const *arguments)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	pid_t pid;
	int err, status;

	err = posix_spawn_file_actions_init(&actions);
	if (err)
		return -err;
	err = posix_spawnattr_init(&attributes);
	if (err) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return -err;
	}
	restore_signals(&attributes);
	err = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null",
	                                       O_RDONLY, 0);
	if (!err)
		/* argv is not const for historical reasons only: exec(3p) */
		err = posix_spawnp(&pid, arguments[0], &actions, &attributes,
		                   (char *const *)arguments, environ);
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (err)
		return -err;
	status = process_reap(pid);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
	                           : WEXITSTATUS(status);
}

static int peek_status(const char *path, struct process_peek *peek)
{
	char line[256];
	unsigned long long count;
	FILE *file;

	file = fopen(path, "re");
	if (!file)
		return errno == ENOENT ? -ESRCH : -errno;
	peek->state = 'Z';
	peek->switches = 0;
	while (fgets(line, sizeof(line), file)) {
		(void)sscanf(line, "State: %c", &peek->state);
		if (sscanf(line, "voluntary_ctxt_switches: %llu", &count) == 1)
			peek->switches += count;
		if (sscanf(line, "nonvoluntary_ctxt_switches: %llu", &count) ==
		    1)
			peek->switches += count;
	}
	(void)fclose(file); /* only read from */
	return peek->state == 'Z' || peek->state == 'X' ? -ESRCH : 0;
}

int process_peek(pid_t pid, struct process_peek *peek)
{
	struct timespec used;
	clockid_t clock;
	char path[64];
	int err;

	err = clock_getcpuclockid(pid, &clock);
	if (err)
		return -err;
	if (clock_gettime(clock, &used) < 0)
		return -errno;
	peek->cpu_ns = clock_ns_of(&used);
	(void)snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
	return peek_status(path, peek);
}

/* User and system time, the 14th and 15th field: proc(5). */
static int peek_times(const char *path, struct process_peek *peek)
{
	unsigned long long user, system;
	char line[1024], *rest;
	int err = text_first_line(path, line, sizeof(line));

	if (err)
		return err == -ENOENT ? -ESRCH : err;
	/* The name before may contain anything, a parenthesis included. */
	rest = strrchr(line, ')');
	if (!rest || sscanf(rest,
	                    ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
	                    "%llu %llu",
	                    &user, &system) != 2)
		return -EIO;
	peek->cpu_ns =
	        (user + system) * (NS_PER_SEC / (uint64_t)sysconf(_SC_CLK_TCK));
	return 0;
}

int process_peek_thread(pid_t pid, pid_t thread, struct process_peek *peek)
{
	char path[64];
	int err;

	(void)snprintf(path, sizeof(path), "/proc/%ld/task/%ld/stat", (long)pid,
	               (long)thread);
	err = peek_times(path, peek);
	if (err)
		return err;
	(void)snprintf(path, sizeof(path), "/proc/%ld/task/%ld/status",
	               (long)pid, (long)thread);
	return peek_status(path, peek);
}
