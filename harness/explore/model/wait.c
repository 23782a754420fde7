#include "harness/explore/model/wait.h"

#include <errno.h>

unsigned wait_ways(bool ready, const struct op *op)
{
	return ready || op->args[ARG_TIMED] != UNTIMED;
}

int64_t wait_or_sleep(const struct op *op, bool shared, int64_t sleep)
{
	if (op->args[ARG_TIMED] == BADLY_TIMED)
		return -EINVAL;
	return shared ? -ETIMEDOUT : sleep;
}

unsigned wait_asleep_ways(struct model *model, unsigned worker,
                          const struct op *op)
{
	(void)model;
	(void)worker;
	return wait_ways(false, op);
}

void wait_asleep_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	(void)model;
	(void)worker;
	(void)way;
	op->result = -ETIMEDOUT;
}

bool wait_is_visible(const struct op *op)
{
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): it was a pointer */
	return model_is_shared((const void *)op->args[ARG_OBJECT]);
}

const char *wait_asleep(const struct op *op, const char *what)
{
	if (wait_is_visible(op))
		return what;
	return "it lies in memory of this worker alone: nobody can wake it";
}

const char *wait_in_vain(const struct model *model, unsigned worker,
                         uint32_t holders)
{
	if (holders & model->dead)
		return "a worker that has ended still holds it";
	if (holders == wait_bit(worker))
		return "this worker holds it itself";
	return NULL;
}

ON_WORKER enum wait_timed wait_until(const struct timespec *deadline)
{
	return deadline->tv_nsec >= 0 && deadline->tv_nsec < 1000000000
	               ? TIMED
	               : BADLY_TIMED;
}

ON_WORKER bool wait_has_clock(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
}
