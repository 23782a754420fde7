#include "tests/bench/floor/floor.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	APART = 128, /* a cache line, and the one that is fetched with it */
	AHEAD_NS = 100000,
};

struct worker {
	_Alignas(APART) uint64_t done;
	uint64_t start_ns, stop_ns;
	pid_t pid;
};

struct shared {
	_Alignas(APART) unsigned arrived;
	uint64_t start_ns; /* 0 until all have arrived */
	struct worker worker[];
};

/* One trial, as every process of it knows it. */
struct race {
	const struct floor *floor;
	struct floor_place place;
	void *lock;
	struct shared *shared;
	unsigned workers;
	uint64_t time_ns;
};

unsigned floor_self, floor_workers;
void *floor_mine;

/* One a line, so that each can be added by itself. */
const struct floor *const floors[] = {
	&floor_none,
	&floor_none_rmw,
	&floor_atomic,
	&floor_anderson,
	&floor_bakery,
	&floor_batched,
	&floor_cas,
	&floor_clh,
	&floor_combining,
	&floor_dekker,
	&floor_eventfd,
	&floor_fcntl_ofd,
	&floor_filter,
	&floor_flock,
	&floor_futex,
	&floor_hemlock,
	&floor_mcs,
	&floor_mutex,
	&floor_mutex_adaptive,
	&floor_mutex_pi,
	&floor_mutex_robust,
	&floor_percpu_rseq,
	&floor_peterson,
	&floor_pipe_token,
	&floor_posix_mq,
	&floor_posix_sem,
	&floor_posix_sem_unnamed,
	&floor_rwlock,
	&floor_sharded,
	&floor_socketpair_token,
	&floor_spin,
	&floor_sysv_msg,
	&floor_sysv_sem,
	&floor_sysv_sem_undo,
	&floor_tas,
	&floor_ticket,
	&floor_tournament,
	&floor_ttas_backoff,
	NULL,
};

static uint64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* the clock exists */
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* To the worker-th of the CPUs allowed, counted round and round. */
static bool pin(unsigned worker)
{
	cpu_set_t allowed, one;
	unsigned left;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) < 0)
		return false;
	left = worker % (unsigned)CPU_COUNT(&allowed);
	CPU_ZERO(&one);
	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, &allowed) && left-- == 0)
			CPU_SET(cpu, &one);
	}
	return sched_setaffinity(0, sizeof(one), &one) == 0;
}

/*
 * The last to arrive sets the time at which all start. They must start at once:
 * a worker that is alone is up to thirty times as fast, and a millisecond of
 * it would flatter the whole trial. So nobody gives up the CPU here.
 */
static uint64_t start_line(struct shared *shared, unsigned workers)
{
	uint64_t start;

	if (__atomic_add_fetch(&shared->arrived, 1, __ATOMIC_ACQ_REL) ==
	    workers)
		__atomic_store_n(&shared->start_ns, now_ns() + AHEAD_NS,
		                 __ATOMIC_RELEASE);
	do
		start = __atomic_load_n(&shared->start_ns, __ATOMIC_ACQUIRE);
	while (start == 0);
	while (now_ns() < start)
		continue;
	return start;
}

static void increment(const struct race *race, struct worker *self,
                      uint64_t until)
{
	const struct floor *floor = race->floor;
	uint64_t now;

	self->start_ns = now_ns();
	do {
		floor->loop(race->lock, race->place.counter, floor->batch);
		self->done += floor->batch;
		now = now_ns();
	} while (now < until);
	self->stop_ns = now;
}

static void *mine_of(const struct race *race, unsigned index)
{
	return race->place.mine + index * race->place.mine_stride;
}

/* A worker's whole life. One that cannot be pinned is still waited for. */
static _Noreturn void run(const struct race *race, unsigned index)
{
	struct worker *self = &race->shared->worker[index];
	bool ready = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && pin(index);
	uint64_t start;

	floor_self = index;
	floor_workers = race->workers;
	floor_mine = mine_of(race, index);
	self->done = 0; /* the first touch of a page is slow */
	start = start_line(race->shared, race->workers);
	if (ready)
		increment(race, self, start + race->time_ns);
	_exit(!ready);
}

static int fork_all(const struct race *race)
{
	for (unsigned i = 0; i < race->workers; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return -errno;
		if (pid == 0)
			run(race, i);
		race->shared->worker[i].pid = pid;
	}
	return 0;
}

/* Returns 0 where all ended well. */
static int wait_for_all(const struct race *race)
{
	int status, err = 0;

	for (unsigned i = 0; i < race->workers; i++) {
		pid_t pid = race->shared->worker[i].pid;

		if (pid == 0) /* never forked */
			continue;
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			continue;
		if (status != 0)
			err = -ECHILD;
	}
	return err;
}

static double ns_per_increment(const struct race *race)
{
	uint64_t first = UINT64_MAX, last = 0, done = 0;

	for (unsigned i = 0; i < race->workers; i++) {
		const struct worker *worker = &race->shared->worker[i];

		if (worker->start_ns < first)
			first = worker->start_ns;
		if (worker->stop_ns > last)
			last = worker->stop_ns;
		done += worker->done;
	}
	return (double)(last - first) / (double)done;
}

static int start_and_wait(const struct race *race)
{
	int err = fork_all(race);

	/* Those at the start line would wait forever. */
	for (unsigned i = 0; i < race->workers && err; i++) {
		if (race->shared->worker[i].pid != 0)
			(void)kill(race->shared->worker[i].pid, SIGKILL);
	}
	return wait_for_all(race) < 0 && !err ? -ECHILD : err;
}

static void zero(const struct race *race)
{
	const struct floor *floor = race->floor;

	*race->place.counter = 0;
	memset(race->place.room, 0, floor->lock_bytes);
	for (unsigned i = 0; i < race->workers && floor->mine_bytes; i++)
		memset(mine_of(race, i), 0, floor->mine_bytes);
}

/* The lock lives only while all this goes on. */
static int with_lock(struct race *race, double *ns)
{
	const struct floor *floor = race->floor;
	int err;

	zero(race);
	race->lock = floor->make(race->place.room);
	if (!race->lock)
		return -errno;
	err = start_and_wait(race);
	*ns = ns_per_increment(race);
	if (floor->drop)
		floor->drop(race->lock);
	return err;
}

int floor_trial(const struct floor *floor, struct floor_place place,
                unsigned workers, uint64_t time_ns, double *ns)
{
	struct race race = {
		.floor = floor,
		.place = place,
		.workers = workers,
		.time_ns = time_ns,
	};
	size_t bytes =
	        sizeof(*race.shared) + workers * sizeof(race.shared->worker[0]);
	int err;

	race.shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	                   MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (race.shared == MAP_FAILED)
		return -errno;
	err = with_lock(&race, ns);
	(void)munmap(race.shared, bytes); /* it was mapped */
	return err;
}
