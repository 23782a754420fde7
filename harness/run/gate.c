#include "harness/run/gate.h"

#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "sync/cpu.h"

enum {
	AHEAD_US = 100,    /* the deadline, for those who poll */
	AHEAD_EACH_US = 5, /* and for each who must be woken first */
};

/* Returns on a wake-up, on a signal, or at once where open is not 0. */
static void sleep_until_open(struct gate *gate)
{
	(void)syscall(SYS_futex, &gate->open, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void open_gate(struct gate *gate, unsigned workers, bool sleepers)
{
	uint64_t ahead_us = AHEAD_US;

	if (sleepers)
		ahead_us += (uint64_t)AHEAD_EACH_US * workers;
	gate->deadline_ns = clock_now_ns() + ahead_us * NS_PER_US;
	/* Pairs with the acquire in gate_pass: who sees 1 sees the deadline. */
	__atomic_store_n(&gate->open, 1, __ATOMIC_RELEASE);
	if (sleepers)
		(void)syscall(SYS_futex, &gate->open, FUTEX_WAKE, INT_MAX, NULL,
		              NULL, 0);
}

/* An absolute time, not a duration: sleeping longer starts nobody earlier. */
static void sleep_until(uint64_t deadline_ns)
{
	struct timespec until = clock_timespec(deadline_ns);

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL))
		continue; /* EINTR */
}

uint64_t gate_pass(struct gate *gate, unsigned workers, unsigned cpus)
{
	bool crowded = workers > cpus;

	/* acq_rel: what the others prepared is visible to the last one. */
	if (__atomic_add_fetch(&gate->arrived, 1, __ATOMIC_ACQ_REL) == workers)
		open_gate(gate, workers, crowded);
	while (!__atomic_load_n(&gate->open, __ATOMIC_ACQUIRE)) {
		if (crowded)
			sleep_until_open(gate);
		else
			cpu_pause();
	}
	if (crowded)
		sleep_until(gate->deadline_ns);
	while (clock_now_ns() < gate->deadline_ns)
		continue;
	return gate->deadline_ns;
}

/* The counts only open and close a window of time: nothing is ordered by them. */
void gate_start(struct gate *gate)
{
	(void)__atomic_add_fetch(&gate->started, 1, __ATOMIC_RELAXED);
}

void gate_stop(struct gate *gate)
{
	(void)__atomic_add_fetch(&gate->stopped, 1, __ATOMIC_RELAXED);
}

bool gate_all_started(const struct gate *gate, unsigned workers)
{
	return __atomic_load_n(&gate->started, __ATOMIC_RELAXED) >= workers;
}

bool gate_window_open(const struct gate *gate)
{
	return __atomic_load_n(&gate->started, __ATOMIC_RELAXED) >= 2;
}

bool gate_window_over(const struct gate *gate, unsigned workers)
{
	return __atomic_load_n(&gate->stopped, __ATOMIC_RELAXED) + 1 >= workers;
}
