#include <criterion/criterion.h>

#include "harness/base/count.h"

static struct count doubled(unsigned times)
{
	struct count value = count_of(1);

	for (unsigned i = 0; i < times; i++) {
		struct count same = value;

		count_add(&value, &same);
	}
	return value;
}

static void expect_text(struct count count, const char *expected)
{
	char text[COUNT_TEXT];

	cr_expect_str_eq(count_text(count, text), expected, "%s", text);
}

Test(count, of_nothing_is_nought)
{
	expect_text(count_of(0), "0");
	cr_expect(count_is_zero(&(struct count){ { 0 }, false }), "zero");
}

Test(count, carries_from_limb_to_limb)
{
	expect_text(doubled(64), "18446744073709551616");
	expect_text(doubled(128), "340282366920938463463374607431768211456");
	expect_text(doubled(200),
	            "1606938044258990275541962092341162602522202993782792835301"
	            "376");
}

Test(count, says_when_it_is_exceeded)
{
	struct count most = doubled(255), same = most;

	cr_expect_not(most.exceeded, "2^255 fits");
	count_add(&most, &same);
	cr_expect(most.exceeded, "2^256 does not");
}

Test(count, is_near_its_double)
{
	struct count count = doubled(100);

	cr_expect_float_eq(count_double(&count),
	                   1267650600228229401496703205376.0, 1e15, "2^100");
}
