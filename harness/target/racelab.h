/*
 * What a program under test is. A file that is to be explored, replayed, faulted
 * or graded includes this and ends with SYNC_STRATEGY(name) = { ... }; or
 *
 *	PROGRAM(counter) = {
 *		.summary = "two cells that must agree",
 *		.workers = 2,
 *		.shared_size = sizeof(struct cells),
 *		.worker = cells_worker,
 *		.check = cells_check,
 *	};
 *
 * and uses nothing else of the laboratory: what is run is plain C.
 *
 * Who calls what, and when:
 *
 *	init     the parent, alone, before the first fork
 *	worker   each worker, once, after the fork; all at the same time
 *	check    the parent, alone, after the last worker has ended
 */
#ifndef HARNESS_TARGET_RACELAB_H
#define HARNESS_TARGET_RACELAB_H

#include <stddef.h>
#include <stdint.h>

#include "sync/sync.h"

struct program {
	const char *summary; /* one line, for people; may be NULL */
	unsigned workers;    /* how many, unless told otherwise; 0: two */
	size_t shared_size;  /* bytes that all workers see; zeroed at first */

	/* Returns 0 or a negative errno; may be NULL. */
	int (*init)(void *shared, unsigned workers);
	/* ctx->mine is NULL: a program lays out its shared memory itself. */
	void (*worker)(struct sync_ctx *ctx);
	/* What is wrong with the end state, or NULL where nothing is. */
	const char *(*check)(const void *shared, unsigned workers);
};

#define PROGRAM(id)                               \
	extern const struct program racelab_##id; \
	const struct program racelab_##id

#endif
