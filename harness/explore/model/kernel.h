/*
 * What the models of things that live in the kernel have in common.
 *
 * Their objects are compared as bytes, so none has padding: an assignment may
 * leave anything in it. Where there would be some, it is a member of its own.
 */
#ifndef HARNESS_EXPLORE_MODEL_KERNEL_H
#define HARNESS_EXPLORE_MODEL_KERNEL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "harness/explore/model/model.h"

/* Declares explored_NAME with the prototype that libc gives to NAME. */
#define FRONT(name) MODEL_FRONT __typeof__(name) explored_##name

/* For the helpers of fronts, which run on the same small stacks. */
#define ON_FIBER __attribute__((no_sanitize("address", "undefined")))

enum {
	/* A result of a call: the front gives up, by kernel_result(). */
	NOT_MODELLED = -9999,
	/* A result of a call that has only begun: the front posts the next. */
	GOES_ON = 9999,
};

/* What getpid() and gettid() are to a worker; MODEL_PARENT has one, too. */
static inline int kernel_pid(unsigned worker)
{
	return 1000 + (int)worker;
}

/*
 * Puts BYTES into the operation that is posted next, and zeroes behind them:
 * equal operations are equal bytes. FROM is not in shared memory.
 */
static inline ON_FIBER void kernel_send(const void *from, size_t bytes)
{
	struct op *op = model_op();

	memset(op->data, 0, sizeof(op->data));
	if (bytes > 0)
		memcpy(op->data, from, bytes);
}

/* What a front returns for RESULT: that, or -1 and errno. */
static inline ON_FIBER int64_t kernel_result(int64_t result, const char *what,
                                             const void *pc)
{
	if (result == NOT_MODELLED)
		model_refuse(what, pc);
	return model_errno(result);
}

/* Called by model_end_worker(). */
void sysv_end_worker(struct model *model, unsigned worker);
void futex_end_worker(struct model *model, unsigned worker);
void fd_end_worker(struct model *model, unsigned worker);

#endif
