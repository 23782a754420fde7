/*
 * Differential tests of the explorer's models: the same operations on real objects,
 * by real processes, and on their models.
 *
 * An operation calls its functions through a table, of which there are two: of
 * libc's functions and of the models' fronts. Real workers are forked processes,
 * and modelled ones are fibers in the test itself, which stands in for the
 * explorer. A random sequence of operations is dealt out, one at a time. After
 * each, the real processes are watched until each of them has answered or is
 * asleep; then the model must have a way to the very same answers, with the very
 * same workers waiting. It keeps all states that it may be in by now, and it has
 * failed when there is none.
 */
#ifndef TESTS_UNIT_MIRROR_H
#define TESTS_UNIT_MIRROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/explore/model/model.h"

enum {
	MIRROR_WORKERS = 4,
	MIRROR_BYTES = 1024, /* of the memory that the objects lie in */
};

/* Runs where a fiber runs. */
#define ON_FIBER __attribute__((no_sanitize("address", "undefined")))

/* What a function of either table set errno to. */
int mirror_errno(void);

/* Calls what is in TABLE. OBJECTS is shared memory; what it returns is compared. */
typedef long mirror_body(const void *table, void *objects, unsigned worker);

struct mirror_op {
	const char *name;
	mirror_body *body;
	/* Whether it may be dealt out at all; NULL: always. */
	bool (*allowed)(struct model *model, unsigned worker, void *objects);
	bool last; /* the sequence ends with it */
};

struct mirror_test {
	/* One that is there twice comes twice as often. */
	const struct mirror_op *ops;
	unsigned count;
	mirror_body *make; /* makes the objects, before there are any workers */
	const void *libc, *model; /* the tables */
	unsigned workers;         /* at most MIRROR_WORKERS */
	/* So long after a step its deadline is over, if it has one. At the end of a
	 * sequence, all must have heeded theirs. 0: nobody looks. */
	unsigned deadline_ms;
	bool deaths; /* workers that are idle may be killed */
	bool spins;  /* who waits does not sleep */
};

/*
 * Deals out STEPS operations to the workers. Returns NULL, or a text of its own that
 * says what differed and how it came to it.
 */
const char *mirror_differ(const struct mirror_test *test, uint64_t seed,
                          unsigned steps);

/* What BODY returns on a model that nothing happened to, run by the parent. */
long mirror_model_alone(mirror_body *body, const void *table);

/* --- for mirror.c, and to step through a model by hand: the model's side */

/* What a worker that has an operation came to. */
enum mirror_end { MIRROR_IDLE, MIRROR_WAITS, MIRROR_DONE };

struct mirror_result {
	enum mirror_end end;
	long value; /* of what is done */
};

void mirror_model_begin(const struct mirror_test *test);
void mirror_model_end(void);

/* Whether GUARD allows the operation in every state that the model may be in. */
bool mirror_model_allows(const struct mirror_op *op, unsigned worker);

void mirror_model_start(const struct mirror_op *op, unsigned worker);
void mirror_model_kill(unsigned worker);

/* Of a worker that waits: what it waits in. And lets it go on. */
const struct op *mirror_model_op(unsigned worker);
unsigned mirror_model_ways(unsigned worker);
void mirror_model_go(unsigned worker, unsigned way);
struct mirror_result mirror_model_result(unsigned worker);
void mirror_model_keep(void); /* before the next operation is begun */
struct model *mirror_model(void);
void *mirror_model_objects(void);

/* Keeps the states that can come to RESULTS, one a worker; false: none can. LATE:
 * nobody may wait any longer who has a deadline. */
bool mirror_model_follow(const struct mirror_result *results, bool late);

/* --- and the real side */

struct mirror_real;

/* Forks the workers; NULL if it cannot. */
struct mirror_real *mirror_real_begin(const struct mirror_test *test);
void mirror_real_end(struct mirror_real *real);

void mirror_real_start(struct mirror_real *real, unsigned op, unsigned worker);
void mirror_real_kill(struct mirror_real *real, unsigned worker);

/* Watches until all is still. False: it never becomes so. */
bool mirror_real_settle(struct mirror_real *real,
                        struct mirror_result *results);

#endif
