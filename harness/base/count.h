/* Counts far beyond 64 bits: up to 2^256 - 1, about 1.2e77. */
#ifndef HARNESS_BASE_COUNT_H
#define HARNESS_BASE_COUNT_H

#include <stdbool.h>
#include <stdint.h>

struct count {
	uint64_t limb[4]; /* the lowest first */
	bool exceeded; /* it was more than fits, and the limbs mean nothing */
};

/* Room for any count in decimal. */
enum { COUNT_TEXT = 80 };

void count_add(struct count *sum, const struct count *more);

static inline struct count count_of(uint64_t value)
{
	return (struct count){ .limb = { value } };
}

static inline bool count_is_zero(const struct count *count)
{
	return !(count->limb[0] | count->limb[1] | count->limb[2] |
	         count->limb[3] | count->exceeded);
}

/* In decimal. Returns TEXT. */
const char *count_text(struct count count, char text[COUNT_TEXT]);

/* The nearest double. */
double count_double(const struct count *count);

#endif
