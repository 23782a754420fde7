/*
 * A pointer that is announced before it is set: who believes the flag follows
 * NULL.
 *
 * sc: crash
 * tso: crash
 */
#include <racelab.h>
#include <stdatomic.h>

struct crash_null {
	atomic_bool ready;
	int *_Atomic pointer;
	int value;
};

static void crash_null_worker(struct sync_ctx *ctx)
{
	struct crash_null *this = ctx->shared;

	if (ctx->self == 0) {
		atomic_store(&this->ready, true);
		atomic_store(&this->pointer, &this->value);
	} else if (atomic_load(&this->ready)) {
		*(volatile int *)atomic_load(&this->pointer) = 1;
	}
}

static const char *crash_null_check(const void *shared, unsigned workers)
{
	(void)shared;
	(void)workers;
	return NULL;
}

PROGRAM(crash_null) = {
	.summary = "a pointer that is not there yet",
	.workers = 2,
	.shared_size = sizeof(struct crash_null),
	.worker = crash_null_worker,
	.check = crash_null_check,
};
