#include "harness/base/count.h"

#include <math.h>
#include <string.h>

enum { LIMBS = 4 };

void count_add(struct count *sum, const struct count *more)
{
	bool carry = false;

	sum->exceeded |= more->exceeded;
	for (int i = 0; i < LIMBS; i++) {
		uint64_t part;
		bool over = __builtin_add_overflow(sum->limb[i], carry, &part);

		carry = __builtin_add_overflow(part, more->limb[i],
		                               &sum->limb[i]) ||
		        over;
	}
	sum->exceeded |= carry;
}

/* Divides by ten and returns the rest, half a limb at a time. */
static unsigned divide(struct count *count)
{
	uint64_t rest = 0;

	for (int i = LIMBS - 1; i >= 0; i--) {
		uint64_t high = rest << 32 | count->limb[i] >> 32;
		uint64_t low;

		rest = high % 10;
		low = rest << 32 | (count->limb[i] & UINT32_MAX);
		rest = low % 10;
		count->limb[i] = high / 10 << 32 | low / 10;
	}
	return (unsigned)rest;
}

const char *count_text(struct count count, char text[COUNT_TEXT])
{
	/* cppcheck-suppress ctuPointerArith; there is room for the largest count */
	char *at = text + COUNT_TEXT - 1;

	count.exceeded = false;
	*at = '\0';
	do
		*--at = (char)('0' + divide(&count));
	while (!count_is_zero(&count));
	memmove(text, at, (size_t)(text + COUNT_TEXT - at));
	return text;
}

double count_double(const struct count *count)
{
	double value = 0;

	for (int i = LIMBS - 1; i >= 0; i--)
		value = ldexp(value, 64) + (double)count->limb[i];
	return value;
}
