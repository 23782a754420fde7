/*
 * Child processes that cannot outlive their parent, and a look at what one of
 * them is doing.
 */
#ifndef HARNESS_BASE_PROCESS_H
#define HARNESS_BASE_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

typedef void process_body(void *argument);

/*
 * Forks a child that runs BODY and leaves with _exit(0). The kernel kills it
 * when the calling thread ends, however it ends. Returns the child's pid, to
 * be reaped by the caller, or -errno.
 */
pid_t process_fork(process_body *body, void *argument);

/*
 * Forks a child in a session of its own that does survive its parent, ignores
 * the terminal's signals, and keeps no descriptor open but KEEP. The rest as
 * for process_fork.
 */
pid_t process_fork_detached(process_body *body, void *argument, int keep);

/* Waits for a child of ours to end; returns its status as of waitpid(2). */
int process_reap(pid_t pid);

/*
 * Runs a program found by PATH and waits for it. Its standard input is
 * /dev/null. ARGUMENTS is its NULL-terminated argv. Returns its exit status,
 * 128 + n if signal n ended it, or -errno (-ENOENT: there is no such program).
 */
int process_run(const char *const *arguments);

struct process_peek {
	char state;        /* as in ps(1): R runs, S sleeps, T is stopped ... */
	uint64_t cpu_ns;   /* processor time so far */
	uint64_t switches; /* context switches so far, of both kinds */
};

/* Looks at a process of ours. Returns 0, or -errno (-ESRCH: it is gone). */
int process_peek(pid_t pid, struct process_peek *peek);

/*
 * The same for one of its threads; its processor time is known to a tick of the
 * clock, 10 ms or less.
 */
int process_peek_thread(pid_t pid, pid_t thread, struct process_peek *peek);

#endif
