/*
 * A load and a store that a compiler has announced as one store: what gcc does
 * with bit-fields, whose neighbors in the same byte are loaded and stored with
 * them. The explorer would take it for one step, which it is not.
 */
#ifndef HARNESS_TARGET_JOINED_H
#define HARNESS_TARGET_JOINED_H

#include <stdbool.h>

#include "harness/target/listing.h"

enum { JOINED_LOADS = 8 };

/* What has been loaded since the last hook of a store. All is private. */
struct joined {
	bool after_store_hook;
	unsigned count;
	char loads[JOINED_LOADS][64];
};

/* Takes the next statement; whether it stores to where one before it, after the
 * same hook, has loaded from, or where it loads from itself. x86 only. */
bool joined_next(struct joined *joined, const struct statement *statement);

#endif
