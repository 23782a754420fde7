#include "harness/ipc/pattern.h"

#include <criterion/criterion.h>

enum { LONGEST = 40 };

static union {
	uint64_t word[LONGEST / 8];
	unsigned char byte[LONGEST];
} buffer;

Test(pattern, is_found_whole_at_any_length)
{
	for (size_t bytes = 1; bytes <= LONGEST; bytes++) {
		pattern_fill(&buffer, bytes, bytes);
		cr_expect_eq(pattern_check(&buffer, bytes, bytes), bytes,
		             "%zu bytes", bytes);
	}
}

Test(pattern, shows_the_place_of_a_wrong_byte)
{
	for (size_t bytes = 1; bytes <= LONGEST; bytes++) {
		for (size_t place = 0; place < bytes; place++) {
			pattern_fill(&buffer, bytes, 5);
			cr_expect_eq(pattern_byte(5, place), buffer.byte[place],
			             "byte %zu", place);
			buffer.byte[place] ^= 1;
			cr_expect_eq(pattern_check(&buffer, bytes, 5), place,
			             "byte %zu of %zu", place, bytes);
		}
	}
}

Test(pattern, writes_no_more_than_it_should)
{
	for (size_t bytes = 1; bytes < LONGEST; bytes++) {
		buffer.byte[bytes] = 77;
		pattern_fill(&buffer, bytes, 1);
		cr_expect_eq(buffer.byte[bytes], 77, "after %zu bytes", bytes);
	}
}

/* A message of one byte has no more than that to tell it from its neighbors. */
Test(pattern, differs_from_each_of_255_neighbors_in_the_first_byte)
{
	for (uint64_t i = 1; i < 256; i++)
		cr_expect_neq(pattern_byte(1000, 0), pattern_byte(1000 + i, 0),
		              "message %d later", (int)i);
}

Test(pattern, differs_from_place_to_place)
{
	pattern_fill(&buffer, LONGEST, 3);
	for (size_t i = 1; i < LONGEST / 8; i++)
		cr_expect_neq(buffer.word[i], buffer.word[0], "word %zu", i);
}
