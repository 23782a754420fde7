/*
 * Doing something in a child process. Explored builds, which cannot fork, take
 * a twin of this file that does it at once.
 */
#ifndef SYNC_CHILD_H
#define SYNC_CHILD_H

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Runs BODY in a child in a session of its own, out of reach of a signal to us,
 * and waits for its end. Returns 0, whatever became of it, or -errno.
 */
static inline int child_run(void (*body)(void *argument), void *argument)
{
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (pid == 0) {
		/* Fails only for a group leader, which a child is not. */
		(void)setsid();
		body(argument);
		_exit(0);
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	return 0;
}

#endif
