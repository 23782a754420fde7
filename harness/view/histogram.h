/* The final totals of repeated trials, as a picture for a lecture. */
#ifndef HARNESS_VIEW_HISTOGRAM_H
#define HARNESS_VIEW_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct histogram {
	const char *strategy, *summary;
	unsigned workers;
	uint64_t each;          /* increments of each worker */
	const uint64_t *totals; /* of the trials so far, in order */
	size_t count;
	unsigned columns; /* of the terminal */
	bool color;
};

/*
 * A row for each tenth of the expected total, and one for exactly all of it.
 * To be freed with free(), or NULL. At most 19 lines.
 */
char *histogram_text(const struct histogram *histogram);

#endif
