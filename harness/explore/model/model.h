/*
 * Models of blocking primitives: what the kernel and libc would know, as plain
 * bytes that the search copies, compares and restores.
 *
 * One file a primitive. Each has two sides:
 *
 *	the front   explored_NAME(): what the explored code calls instead of
 *	            NAME. It runs on the worker's stack, as part of the worker:
 *	            it checks arguments, posts one call or several after another
 *	            with model_post(), copies data between op and the worker's
 *	            memory, and sets errno. It keeps no state of its own. It
 *	            is marked MODEL_FRONT.
 *	the call    a struct model_call: runs on the search's side, knows only
 *	            the model and the operation, and touches no memory of the
 *	            workers. One exception: futex FUTEX_WAIT reads the word of 4
 *	            bytes at its first argument, in the step in which it goes on.
 *
 * A front that exists is all the registration there is: a function that the
 * explored code calls is known when explored_ and its name is in this program.
 *
 * Waiting is a call that can go on in no way: the search tries another worker.
 * What could go on in several ways (which waiter is woken; in time or timed
 * out) is tried in each of them.
 *
 * init, check and total make calls, too, as worker MODEL_PARENT: nobody else
 * runs then, and a call that cannot go on is a deadlock.
 */
#ifndef HARNESS_EXPLORE_MODEL_MODEL_H
#define HARNESS_EXPLORE_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/explore/op.h"

enum {
	MODEL_WORKERS = 26,           /* 0 to 25; a set of them is 32 bits */
	MODEL_PARENT = MODEL_WORKERS, /* who runs init, check and total */
	MODEL_BYTES = 1 << 15,
	MODEL_SPURIOUS = 0xff, /* the way of a spurious wake-up */
};

enum model_kind {
	MODEL_MUTEX = 1,
	MODEL_COND,
	MODEL_RWLOCK,
	MODEL_SPIN,
	MODEL_BARRIER,
	MODEL_SEM,
	MODEL_SEM_NAME,
	MODEL_SYSV_SEM,
	MODEL_SYSV_MSG,
	MODEL_FUTEX,
	MODEL_FD,   /* a worker's descriptor: which description it stands for */
	MODEL_FILE, /* an open file description */
	MODEL_INODE,
	MODEL_PIPE,
	MODEL_EVENTFD,
	MODEL_MQ,
	MODEL_MISC,
};

/* All objects, one after another, sorted, so that equal situations are equal. */
struct model {
	uint32_t used;     /* of bytes */
	uint32_t spurious; /* how many spurious wake-ups may still happen */
	uint32_t dead;     /* the set of workers that have ended */
	bool full; /* an object did not fit: the verdict is unfinished */
	_Alignas(16) unsigned char bytes[MODEL_BYTES];
};

struct model_call {
	const char *name; /* as it is shown: "pthread_mutex_lock" */
	/*
	 * In how many ways, numbered from 0, WORKER's OP can go on now. 0: it
	 * waits. Changes nothing that a later call could see.
	 */
	unsigned (*ways)(struct model *model, unsigned worker,
	                 const struct op *op);
	/* Goes on in that way: changes the model and sets op->result. */
	void (*go)(struct model *model, unsigned worker, struct op *op,
	           unsigned way);
	/*
	 * Whether it could also wake up for no reason, which then is the way
	 * MODEL_SPURIOUS of go. NULL: never. The search keeps the budget.
	 */
	bool (*may_wake)(struct model *model, unsigned worker,
	                 const struct op *op);
	/* While it waits: the set of workers who hold what it waits for; NULL or
	 * 0 where that is nobody in particular. */
	uint32_t (*holders)(struct model *model, unsigned worker,
	                    const struct op *op);
	/* While it waits: why it will never be woken, or NULL; may be NULL. */
	const char *(*hopeless)(struct model *model, unsigned worker,
	                        const struct op *op);
	/* Does not wait for the store buffer: makes no store and no locked
	 * instruction before it goes on. */
	bool unordered;
	/* It is one plain store: under TSO it takes effect when that gets to
	 * memory. Only of what is unordered, never waits and gives 0. */
	bool is_store;
};

/* For `ways` of calls that never wait, and for those that have no choice. */
unsigned model_one_way(struct model *model, unsigned worker,
                       const struct op *op);

/*
 * --- for calls
 *
 * The object of that kind at ADDRESS, made of SIZE zeroed bytes where there is
 * none; aligned to 16. An address in memory that is not shared names a different
 * object for each worker; the first use by a worker copies what the parent had
 * there, as fork does. Never NULL (where there is no room, MODEL->full is set and
 * a scratch object returned). The pointer holds until the next object is made.
 */
void *model_object(struct model *model, enum model_kind kind, unsigned worker,
                   uint64_t address, size_t size);

/* The same, but NULL where there is none; makes nothing. */
void *model_find(struct model *model, enum model_kind kind, unsigned worker,
                 uint64_t address);

/*
 * For objects that are named by a number, not an address, and that all workers
 * see (System V ids, descriptions, inodes): the keys 0, 1, 2 ...
 */
void *model_numbered(struct model *model, enum model_kind kind, uint64_t number,
                     size_t size);
void *model_find_numbered(struct model *model, enum model_kind kind,
                          uint64_t number);

/* For each object of a kind: BODY(object, number or address, owner, argument);
 * OWNER is a worker, MODEL_PARENT, or MODEL_PARENT + 1 for what all share. */
void model_each(struct model *model, enum model_kind kind,
                void (*body)(void *object, uint64_t key, unsigned owner,
                             void *argument),
                void *argument);

/* Whether ADDRESS lies in memory that the workers share. */
bool model_is_shared(const void *address);

/*
 * Every model that must know of it can define one: called when WORKER has ended,
 * as the kernel does when a process ends (SEM_UNDO, robust lists, descriptors
 * closed). Listed in model.c, model_end_worker().
 */
void model_end_worker(struct model *model, unsigned worker);

/* --- for fronts */

/* Fronts run on small stacks that sanitizers know nothing of. */
#define MODEL_FRONT                                         \
	__attribute__((no_sanitize("address", "undefined"), \
	               visibility("default")))

/*
 * Posts CALL with up to four arguments and waits until the search lets it go on.
 * The operation, with result and data, stays valid until the next post.
 * DATA of the operation can be filled in before: model_op() is the operation
 * that will be posted next.
 */
struct op *model_op(void);
int64_t model_post(const struct model_call *call, const void *pc, uint64_t a,
                   uint64_t b, uint64_t c, uint64_t d);
#define MODEL_POST(call, a, b, c, d)                                   \
	model_post((call), __builtin_return_address(0), (uint64_t)(a), \
	           (uint64_t)(b), (uint64_t)(c), (uint64_t)(d))

/* Sets the caller's own errno and returns -1; or returns RESULT if it is >= 0. */
int64_t model_errno(int64_t result);

/* Steps through shared memory for a front, as the explored code itself would. */
void model_copy(void *to, const void *from, size_t bytes, const void *pc);

/* Ends the exploration as unfinished: WHAT (a library call) was asked to do
 * something that is not modelled. Does not return. */
void model_refuse(const char *what, const void *pc) __attribute__((noreturn));

/* Which worker runs the front, or MODEL_PARENT; and how many workers there are. */
unsigned model_self(void);
unsigned model_workers(void);

#endif
