/*
 * What the two files of POSIX message queues share.
 */
#ifndef HARNESS_EXPLORE_MODEL_MQ_H
#define HARNESS_EXPLORE_MODEL_MQ_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/explore/model/fd.h"
#include "harness/explore/model/queue.h"

/* All zero is free. */
struct mq {
	char name[OP_DATA]; /* without the slash; empty: unlinked */
	bool used;
	uint8_t messages_max;
	uint16_t bytes_max;
	struct queue queue;
};

/*
 * That of the call's first argument, where it is a queue's descriptor and all bits
 * of MODE are in its mode; or NULL.
 */
struct mq *mq_of(struct model *model, unsigned worker, const struct op *op,
                 uint8_t mode);

#endif
