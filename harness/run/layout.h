/*
 * Where everything lies in the mapping that the workers share.
 *
 * Whatever is written by different processes stands at least two cache lines
 * apart: processors also prefetch the neighbor of a line. A counter that shared
 * a line with its lock, or with a worker's statistics, would measure that.
 */
#ifndef HARNESS_RUN_LAYOUT_H
#define HARNESS_RUN_LAYOUT_H

#include <stddef.h>

#include "sync/sync.h"

enum { LAYOUT_APART = 128 };

/* The counter, and beside it what a probe wants to know of who was there. */
struct layout_counter {
	uint64_t counter;
	unsigned holder; /* see struct sync_probe */
};

/* Offsets from the start of the mapping, and sizes, in bytes. */
struct layout {
	size_t note;    /* struct janitor_note */
	size_t gate;    /* struct gate */
	size_t counter; /* struct layout_counter */
	size_t shared;  /* the strategy's shared_size */
	size_t common;  /* the end of what every worker uses */
	size_t slots;   /* struct slot of each worker ... */
	size_t slot_stride;
	size_t mine; /* the strategy's mine_size for each worker ... */
	size_t mine_stride;
	size_t notes; /* struct sync_notes of each worker, where wanted ... */
	size_t notes_stride;
	size_t bytes;
};

/* NOTES: whether each worker needs room for struct sync_notes. */
struct layout layout_of(const struct sync_ops *ops, unsigned workers,
                        bool notes);

#endif
