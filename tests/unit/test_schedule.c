#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness/explore/schedule.h"
#include "harness/explore/witness.h"

/* What comes out when a schedule is read and written again. */
static const char *again(const char *text)
{
	static char written[256];
	struct stretch stretch;
	size_t used = 0;
	int err;

	written[0] = '\0';
	while ((err = schedule_next(&text, &stretch)) == 0)
		cr_assert(
		        schedule_put(written, sizeof(written), &used, &stretch),
		        "room");
	return err == -ENODATA ? written : "refused";
}

Test(schedule, is_written_as_it_was_read)
{
	static const char *const texts[] = { "A",    "A4BA*", "AaBb2A*B*",
		                             "A/1B", "A/12",  "A~BZ3z",
		                             "" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_expect_str_eq(again(texts[i]), texts[i], "%s", texts[i]);
}

Test(schedule, ends_at_a_colon)
{
	cr_expect_str_eq(again("AB:12345678"), "AB", "what is before it");
}

Test(schedule, refuses_what_is_none)
{
	static const char *const texts[] = {
		"1", "A0",  "A-1", "A4/", "A/x",          "A/254",
		"*", "A**", "a*",  "A B", "A99999999999", "\xc3\x84"
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_expect_str_eq(again(texts[i]), "refused", "%s", texts[i]);
}

Test(schedule, is_not_written_beyond_its_room)
{
	struct stretch stretch = { .move = { 0, 0 }, .times = 10 };
	char text[4] = "";
	size_t used = 0;

	cr_expect(schedule_put(text, sizeof(text), &used, &stretch), "A10");
	cr_expect_not(schedule_put(text, sizeof(text), &used, &stretch),
	              "no more");
	cr_expect_str_eq(text, "A10", "as it was");
}

/* --- witnesses */

static const char *witness_again(const char *text)
{
	static char written[512];
	static struct complaint complaint;
	struct witness witness;

	if (witness_read(&witness, text, &complaint) < 0)
		return complaint.why;
	cr_assert_eq(witness_write(&witness, written, sizeof(written)), 0,
	             "room");
	return written;
}

Test(witness, is_written_as_it_was_read)
{
	static const char *const texts[] = {
		"none:w2:k1:sc:AB*A*:01234567",
		("./a file:with:colons.c:w26:k1000:tso:b8:s0:cc=gcc,-O1:AaB*:"
		 "deadbeef"),
		"x:w2:k2.c:w2:k1:tso:A:00000000",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_expect_str_eq(witness_again(texts[i]), texts[i], "%s",
		                 texts[i]);
}

Test(witness, tells_its_parts)
{
	struct complaint complaint;
	struct witness witness;

	cr_assert_eq(witness_read(&witness,
	                          "my.c:w3:k5:tso:b2:cc=clang,-O1:A3:0000ffff",
	                          &complaint),
	             0, "%s", complaint.why);
	cr_expect_str_eq(witness.target, "my.c", "target");
	cr_expect_str_eq(witness.cc, "clang -O1", "compiler");
	cr_expect_eq(witness.machine.workers, 3, "workers");
	cr_expect_eq(witness.machine.increments, 5, "increments");
	cr_expect_eq(witness.machine.memory, MEMORY_TSO, "memory");
	cr_expect_eq(witness.machine.buffer, 2, "buffer");
	cr_expect_eq(witness.machine.spurious, WITNESS_SPURIOUS, "as usual");
	cr_expect_eq(witness.digest, 0xffff, "digest");
	cr_expect(strncmp(witness.schedule, "A3:", 3) == 0, "schedule");
}

Test(witness, refuses_what_is_broken)
{
	static const char *const texts[] = {
		"",
		"none",
		":w2:k1:sc:A:01234567",
		"none:w0:k1:sc:A:01234567",
		"none:w27:k1:sc:A:01234567",
		"none:w2:k1:arm:A:01234567",
		"none:w2:k1:sc:A",
		"none:w2:k1:sc:A:0123456",
		"none:w2:k1:sc:A:0123456g",
		"none:w2:k1:sc:A!:01234567",
		"none:w2:k1:sc:b9:A:01234567",
		"none:w2:k1:sc:A:01234567:",
		"none:w99999999999999999999:k1:sc:A:01234567",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct complaint complaint;
		struct witness witness;

		cr_expect_eq(witness_read(&witness, texts[i], &complaint),
		             -EINVAL, "%s", texts[i]);
	}
}
