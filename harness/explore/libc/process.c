/*
 * How a process ends, who it is and what time it is. Time stands still: how long
 * something takes is for the search to choose. Sleeping makes no step either.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "harness/explore/hooks.h"
#include "harness/explore/model/model.h"

#define CALLER __builtin_return_address(0)

enum {
	NOW = 1000000000, /* seconds since the Epoch; any will do */
	PARENT_PID = 1000,
};

/* --- the end */

void explored_abort(void) __attribute__((noreturn));
MODEL_FRONT void explored_abort(void)
{
	hooks_stop(STOP_CRASH, SIGABRT, CALLER, "SIGABRT (abort)");
}

void explored___assert_fail(const char *what, const char *file, unsigned line,
                            const char *function) __attribute__((noreturn));
MODEL_FRONT void explored___assert_fail(const char *what, const char *file,
                                        unsigned line, const char *function)
{
	(void)file;
	(void)line;
	(void)function;
	hooks_stop(STOP_ASSERT, 0, CALLER, "assertion failed: %s", what);
}

/* A worker that exits has ended; with a status, it says that it failed. */
static HOOK void leave(int status, const void *pc) __attribute__((noreturn));
static HOOK void leave(int status, const void *pc)
{
	if (status || hooks.self->index == MODEL_PARENT)
		hooks_stop(STOP_ASSERT, status, pc, "exit with status %d",
		           status);
	hooks.self->now.state = WORKER_ENDED;
	hooks.self->now.op.kind = OP_NONE;
	hooks.leave();
	__builtin_unreachable();
}

void explored_exit(int status) __attribute__((noreturn));
MODEL_FRONT void explored_exit(int status)
{
	leave(status, CALLER);
}

void explored__exit(int status) __attribute__((noreturn));
MODEL_FRONT void explored__exit(int status)
{
	leave(status, CALLER);
}

/* --- who and when */

int *explored___errno_location(void);
MODEL_FRONT int *explored___errno_location(void)
{
	return &hooks.self->now.err;
}

pid_t explored_getpid(void);
MODEL_FRONT pid_t explored_getpid(void)
{
	unsigned self = model_self();

	return self == MODEL_PARENT ? PARENT_PID : PARENT_PID + 1 + (pid_t)self;
}

pid_t explored_gettid(void);
MODEL_FRONT pid_t explored_gettid(void)
{
	return explored_getpid();
}

pid_t explored_getppid(void);
MODEL_FRONT pid_t explored_getppid(void)
{
	return model_self() == MODEL_PARENT ? 1 : PARENT_PID;
}

int explored_clock_gettime(clockid_t clock, struct timespec *now);
MODEL_FRONT int explored_clock_gettime(clockid_t clock, struct timespec *now)
{
	(void)clock;
	*now = (struct timespec){ .tv_sec = NOW };
	return 0;
}

int explored_gettimeofday(struct timeval *now, void *zone);
MODEL_FRONT int explored_gettimeofday(struct timeval *now, void *zone)
{
	(void)zone;
	*now = (struct timeval){ .tv_sec = NOW };
	return 0;
}

time_t explored_time(time_t *now);
MODEL_FRONT time_t explored_time(time_t *now)
{
	if (now)
		*now = NOW;
	return NOW;
}

/* Names that have to be unlikely are all that this is for: they are not drawn. */
ssize_t explored_getrandom(void *to, size_t bytes, unsigned flags);
MODEL_FRONT ssize_t explored_getrandom(void *to, size_t bytes, unsigned flags)
{
	(void)flags;
	__builtin_memset(to, 0, bytes);
	return (ssize_t)bytes;
}

/* --- what only takes time */

int explored_sched_yield(void);
MODEL_FRONT int explored_sched_yield(void)
{
	return 0;
}

int explored_usleep(useconds_t time);
MODEL_FRONT int explored_usleep(useconds_t time)
{
	(void)time;
	return 0;
}

unsigned explored_sleep(unsigned seconds);
MODEL_FRONT unsigned explored_sleep(unsigned seconds)
{
	(void)seconds;
	return 0;
}

int explored_nanosleep(const struct timespec *time, struct timespec *left);
MODEL_FRONT int explored_nanosleep(const struct timespec *time,
                                   struct timespec *left)
{
	(void)time;
	(void)left;
	return 0;
}

int explored_clock_nanosleep(clockid_t clock, int flags,
                             const struct timespec *time,
                             struct timespec *left);
MODEL_FRONT int explored_clock_nanosleep(clockid_t clock, int flags,
                                         const struct timespec *time,
                                         struct timespec *left)
{
	(void)clock;
	(void)flags;
	(void)time;
	(void)left;
	return 0;
}
