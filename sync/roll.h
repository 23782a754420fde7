/*
 * A roll: each worker enters a record of its own in attach, and nobody ever
 * leaves. So any number of workers can be found, by each other or by the
 * parent, without a table that somebody would have to make large enough.
 *
 * The records lie in ctx->mine, which every process sees at the same address,
 * and begin with a struct roll_entry. Entering is one push on a stack: Treiber
 * 1986. As nothing is ever taken from it, an address cannot come back in
 * another's place, which is what makes such a stack hard (ABA).
 *
 *	roll_enter    each worker, once; any number at the same time
 *	roll_first    anybody, at any time; who enters later may be missing
 */
#ifndef SYNC_ROLL_H
#define SYNC_ROLL_H

#include <stdatomic.h>
#include <stddef.h>

struct roll_entry {
	struct roll_entry
	        *next; /* NULL: the last. Never changes once entered */
};

/* Zeroed, it is empty. */
struct roll {
	struct roll_entry *_Atomic first;
};

/* A worker that is killed in here is on the roll or is not. */
static inline void roll_enter(struct roll *roll, struct roll_entry *entry)
{
	/* Relaxed: what was read is only written down, and compared again. */
	struct roll_entry *first =
	        atomic_load_explicit(&roll->first, memory_order_relaxed);

	/* The release pairs with the acquire in roll_first. */
	do
		entry->next = first;
	while (!atomic_compare_exchange_weak_explicit(
	        &roll->first, &first, entry, memory_order_release,
	        memory_order_relaxed));
}

/* The one that entered last, or NULL; the others follow by ->next. */
static inline struct roll_entry *roll_first(const struct roll *roll)
{
	/*
	 * Pairs with the release in roll_enter: of each entry. Later ones are
	 * read-modify-writes, and so carry the releases before them on.
	 */
	return atomic_load_explicit(&roll->first, memory_order_acquire);
}

#endif
