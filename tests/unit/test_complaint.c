#include "harness/base/complaint.h"

#include <criterion/criterion.h>
#include <string.h>

Test(complaint, says_what_and_why)
{
	struct complaint complaint;

	complain(&complaint, "-w", "%d of %s", 4, "them");
	cr_expect_str_eq(complaint.what, "-w", "what: %s", complaint.what);
	cr_expect_str_eq(complaint.why, "4 of them", "why: %s", complaint.why);
	cr_expect_str_eq(complaint.cure, "", "cure: %s", complaint.cure);
}

Test(complaint, has_a_cure_until_the_next_one)
{
	struct complaint complaint;

	complain(&complaint, "a", "b");
	complain_cure(&complaint, "see %s", "ulimit -n");
	cr_expect_str_eq(complaint.cure, "see ulimit -n", "cure: %s",
	                 complaint.cure);
	cr_expect_str_eq(complaint.why, "b", "why: %s", complaint.why);
	complain(&complaint, "c", "d");
	cr_expect_str_eq(complaint.cure, "", "the cure of another complaint");
}

Test(complaint, what_is_never_a_format)
{
	struct complaint complaint;

	complain(&complaint, "%s%n%1000000d", "%s", "%d");
	cr_expect_str_eq(complaint.what, "%s%n%1000000d", "what: %s",
	                 complaint.what);
	cr_expect_str_eq(complaint.why, "%d", "why: %s", complaint.why);
}

Test(complaint, too_long_a_text_is_cut)
{
	struct complaint complaint;
	char text[2 * sizeof(complaint)];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	complain(&complaint, text, "%s", text);
	complain_cure(&complaint, "%s", text);
	cr_expect_eq(strlen(complaint.what), sizeof(complaint.what) - 1,
	             "what has %zu", strlen(complaint.what));
	cr_expect_eq(strlen(complaint.why), sizeof(complaint.why) - 1,
	             "why has %zu", strlen(complaint.why));
	cr_expect_eq(strlen(complaint.cure), sizeof(complaint.cure) - 1,
	             "the cure has %zu", strlen(complaint.cure));
}
