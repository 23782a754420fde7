#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/base/process.h"
#include "tests/unit/mirror.h"

enum {
	PATIENCE_LOOKS = 200000, /* without any progress: some 20 s */
	LOOK_NS = 50000,         /* between two looks */
	/* Of processor time without an answer, where who waits spins: a
	 * spinlock that is free is taken within one of them. */
	SPINS_NS = 300000,
};

struct worker {
	pid_t pid;     /* 0: dead */
	int orders[2]; /* pipes: it reads what to do ... */
	int answers[2];
	int calls; /* its /proc/PID/syscall */
	bool busy;
	struct process_peek seen; /* while it is busy */
};

struct mirror_real {
	const struct mirror_test *test;
	void *objects;
	struct worker workers[MIRROR_WORKERS];
};

struct post {
	struct mirror_real *real;
	unsigned worker;
};

/* A real worker. */
static void work(void *argument)
{
	const struct post *post = argument;
	struct mirror_real *real = post->real;
	struct worker *self = &real->workers[post->worker];
	unsigned char op;

	(void)prctl(PR_SET_TIMERSLACK, 1ul);
	while (read(self->orders[0], &op, 1) == 1) {
		const struct mirror_test *test = real->test;
		long value = test->ops[op].body(test->libc, real->objects,
		                                post->worker);

		if (write(self->answers[1], &value, sizeof(value)) < 0)
			return;
	}
}

static void begin_worker(struct mirror_real *real, unsigned worker)
{
	struct worker *self = &real->workers[worker];
	struct post post = { .real = real, .worker = worker };
	char path[64];

	cr_assert_eq(pipe2(self->orders, O_CLOEXEC), 0, "no pipe");
	cr_assert_eq(pipe2(self->answers, O_CLOEXEC), 0, "no pipe");
	self->pid = process_fork(work, &post);
	cr_assert_gt(self->pid, 0, "no worker");
	(void)snprintf(path, sizeof(path), "/proc/%d/syscall", self->pid);
	self->calls = open(path, O_RDONLY | O_CLOEXEC);
}

struct mirror_real *mirror_real_begin(const struct mirror_test *test)
{
	struct mirror_real *real = calloc(1, sizeof(*real));

	cr_assert_not_null(real, "no memory");
	real->test = test;
	real->objects = mmap(NULL, MIRROR_BYTES, PROT_READ | PROT_WRITE,
	                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert_neq(real->objects, MAP_FAILED, "no memory");
	(void)prctl(PR_SET_TIMERSLACK, 1ul);
	cr_assert_eq(test->make(test->libc, real->objects, MODEL_PARENT), 0,
	             "not made");
	for (unsigned i = 0; i < test->workers; i++)
		begin_worker(real, i);
	return real;
}

static void close_all(const struct worker *worker)
{
	for (unsigned i = 0; i < 2; i++) {
		(void)close(worker->orders[i]);
		(void)close(worker->answers[i]);
	}
	if (worker->calls >= 0)
		(void)close(worker->calls);
}

void mirror_real_kill(struct mirror_real *real, unsigned worker)
{
	struct worker *self = &real->workers[worker];

	(void)kill(self->pid, SIGKILL);
	(void)process_reap(self->pid);
	self->pid = 0;
	self->busy = false;
}

/* Stopped first: who is woken by the death of another must not act on it, and a
 * mutex that inherits priority would make libc abort. */
void mirror_real_end(struct mirror_real *real)
{
	for (unsigned i = 0; i < real->test->workers; i++) {
		if (real->workers[i].pid)
			(void)kill(real->workers[i].pid, SIGSTOP);
	}
	for (unsigned i = 0; i < real->test->workers; i++) {
		if (real->workers[i].pid)
			mirror_real_kill(real, i);
		close_all(&real->workers[i]);
	}
	(void)munmap(real->objects, MIRROR_BYTES);
	free(real);
}

void mirror_real_start(struct mirror_real *real, unsigned op, unsigned worker)
{
	struct worker *self = &real->workers[worker];
	unsigned char order = (unsigned char)op;

	self->busy = true;
	cr_assert_eq(write(self->orders[1], &order, 1), 1, "no order");
}

/* --- watching */

/* Whether somebody answered, within the time between two looks. */
static bool hear(struct mirror_real *real, struct mirror_result *results)
{
	static const struct timespec look = { .tv_nsec = LOOK_NS };
	struct pollfd polls[MIRROR_WORKERS];
	bool heard = false;

	for (unsigned i = 0; i < MIRROR_WORKERS; i++)
		polls[i] = (struct pollfd){
			.fd = real->workers[i].busy
			              ? real->workers[i].answers[0]
			              : -1,
			.events = POLLIN,
		};
	if (ppoll(polls, MIRROR_WORKERS, &look, NULL) <= 0)
		return false;
	for (unsigned i = 0; i < MIRROR_WORKERS; i++) {
		struct worker *self = &real->workers[i];

		if (!(polls[i].revents & POLLIN))
			continue;
		cr_assert_eq(read(self->answers[0], &results[i].value,
		                  sizeof(results[i].value)),
		             (ssize_t)sizeof(results[i].value), "no answer");
		results[i].end = MIRROR_DONE;
		self->busy = false;
		heard = true;
	}
	return heard;
}

/* Whether it sleeps in futex(2). Where one may not know, sleeping will do. */
static bool in_futex(const struct worker *worker)
{
	char line[32] = "";

	if (worker->calls < 0 ||
	    pread(worker->calls, line, sizeof(line) - 1, 0) <= 0)
		return true;
	return strtol(line, NULL, 10) == SYS_futex;
}

/* Whether WORKER has not moved since the last look; or, where who waits spins, has
 * spun for long enough since the first one. */
static bool is_still(const struct mirror_real *real, struct worker *worker)
{
	struct process_peek before = worker->seen;

	cr_assert_eq(process_peek(worker->pid, &worker->seen), 0,
	             "a worker is gone");
	if (real->test->spins) {
		uint64_t spun_ns = worker->seen.cpu_ns - before.cpu_ns;

		worker->seen = before;
		return spun_ns >= SPINS_NS;
	}
	return worker->seen.state == 'S' && before.state == 'S' &&
	       worker->seen.switches == before.switches && in_futex(worker);
}

/*
 * Two looks in a row at which everybody is asleep and nobody has been scheduled in
 * between: who has not answered by now could only be woken by somebody who runs,
 * and there is none.
 */
static bool all_still(struct mirror_real *real)
{
	bool still = true;

	for (unsigned i = 0; i < MIRROR_WORKERS; i++) {
		if (real->workers[i].busy)
			still = is_still(real, &real->workers[i]) && still;
	}
	return still;
}

/* For a worker that spins: from here on its processor time counts. */
static void look_first(struct mirror_real *real)
{
	for (unsigned i = 0; i < MIRROR_WORKERS; i++) {
		struct worker *self = &real->workers[i];

		if (self->busy)
			(void)process_peek(self->pid, &self->seen);
		self->seen.state = '?';
	}
}

static bool is_busy(const struct mirror_real *real)
{
	bool busy = false;

	for (unsigned i = 0; i < MIRROR_WORKERS; i++)
		busy = busy || real->workers[i].busy;
	return busy;
}

bool mirror_real_settle(struct mirror_real *real, struct mirror_result *results)
{
	unsigned looks = 0;

	for (unsigned i = 0; i < MIRROR_WORKERS; i++)
		results[i].end =
		        real->workers[i].busy ? MIRROR_WAITS : MIRROR_IDLE;
	look_first(real);
	while (is_busy(real)) {
		if (hear(real, results)) {
			look_first(real);
			looks = 0;
		} else if (all_still(real)) {
			return true;
		} else if (++looks == PATIENCE_LOOKS) {
			return false;
		}
	}
	return true;
}
