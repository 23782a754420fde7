#include "harness/base/text.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int number(const char *text, uint64_t *value)
{
	*value = 77;
	return text_number(text, 0, UINT64_MAX, value);
}

Test(text, a_number_is_digits_and_nothing_else)
{
	static const char *const bad[] = { "",    "-1",   "+1",      " 4",
		                           "4 ",  "4x",   "x4",      "0x10",
		                           "1e3", "1.0",  "1,000",   "-",
		                           "4\n", "four", "\xc2\xb2" };
	uint64_t value;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(number(bad[i], &value), -EINVAL,
		             "\"%s\" was taken for a number", bad[i]);
	cr_expect_eq(number("0", &value), 0, "0 was refused");
	cr_expect_eq(value, 0, "0 was read as %llu", (unsigned long long)value);
	cr_expect_eq(number("0042", &value), 0, "0042 was refused");
	cr_expect_eq(value, 42, "0042 was read as %llu",
	             (unsigned long long)value);
}

Test(text, a_number_may_be_as_large_as_64_bits_hold)
{
	static const char *const large[] = { "18446744073709551616",
		                             "18446744073709551620",
		                             "184467440737095516150",
		                             "36893488147419103232",
		                             "99999999999999999999999" };
	uint64_t value;

	cr_expect_eq(number("18446744073709551615", &value), 0,
	             "2^64 - 1 was refused");
	cr_expect_eq(value, UINT64_MAX, "2^64 - 1 was read as %llu",
	             (unsigned long long)value);
	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++)
		cr_expect_eq(number(large[i], &value), -ERANGE,
		             "%s was not out of range", large[i]);
	cr_expect_eq(number("18446744073709551616x", &value), -EINVAL,
	             "a large number with a letter is no number at all");
}

Test(text, a_number_lies_in_its_range)
{
	uint64_t value;

	cr_expect_eq(text_number("3", 3, 5, &value), 0, "the least");
	cr_expect_eq(text_number("5", 3, 5, &value), 0, "the most");
	cr_expect_eq(text_number("2", 3, 5, &value), -ERANGE, "one less");
	cr_expect_eq(text_number("6", 3, 5, &value), -ERANGE, "one more");
}

enum { ROOM = 8 };

static int numbers(const char *text, unsigned values[ROOM], size_t *count)
{
	return text_numbers(text, 1, 100, values, ROOM, count);
}

Test(text, a_list_has_numbers_and_ranges_in_the_order_given)
{
	static const unsigned want[] = { 9, 2, 4, 5, 6, 2 };
	unsigned got[ROOM];
	size_t count;

	cr_assert_eq(numbers("9,2,4-6,2", got, &count), 0, "refused");
	cr_assert_eq(count, 6, "%zu numbers instead of 6", count);
	for (size_t i = 0; i < count; i++)
		cr_expect_eq(got[i], want[i], "number %zu is %u", i, got[i]);
	cr_expect_eq(numbers("100-100", got, &count), 0, "a range of one");
	cr_expect(count == 1 && got[0] == 100, "it is one number");
}

Test(text, a_list_can_double_and_ends_where_it_says)
{
	static const unsigned want[] = { 3, 6, 12, 20, 7, 1 };
	unsigned got[ROOM];
	size_t count;

	cr_assert_eq(numbers("3..20,7,1..1", got, &count), 0, "refused");
	cr_assert_eq(count, 6, "%zu numbers instead of 6", count);
	for (size_t i = 0; i < count; i++)
		cr_expect_eq(got[i], want[i], "number %zu is %u", i, got[i]);
	cr_expect_eq(text_numbers("0..4", 0, 9, got, ROOM, &count), 0, "0");
	cr_expect(count == 4 && got[0] == 0 && got[1] == 1 && got[3] == 4,
	          "0, 1, 2, 4");
}

Test(text, a_list_is_refused_where_one_part_is_no_number)
{
	static const char *const bad[] = { "",     ",",     "1,",    ",1",
		                           "1,,2", "1-",    "-1",    "1-2-3",
		                           "1 ,2", "1;2",   "a",     "1-b",
		                           "1..",  "1...4", "1,2,x", "1 - 2" };
	unsigned got[ROOM];
	size_t count;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(numbers(bad[i], got, &count), -EINVAL,
		             "\"%s\" was taken for a list", bad[i]);
}

Test(text, a_list_is_refused_where_one_part_is_out_of_range)
{
	static const char *const bad[] = { "0",
		                           "101",
		                           "1,0",
		                           "5-4",
		                           "0-3",
		                           "99-101",
		                           "18446744073709551617",
		                           "1-18446744073709551617" };
	unsigned got[ROOM];
	size_t count;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(numbers(bad[i], got, &count), -ERANGE,
		             "\"%s\" was taken for a list", bad[i]);
}

Test(text, a_list_never_gets_more_room_than_there_is)
{
	unsigned got[ROOM + 1];
	size_t count;

	got[ROOM] = 7;
	cr_expect_eq(numbers("1-8", got, &count), 0, "as many as fit");
	cr_expect_eq(count, ROOM, "%zu of %d", count, ROOM);
	cr_expect_eq(numbers("1-9", got, &count), -E2BIG, "a range too long");
	cr_expect_eq(numbers("1-6,7..100", got, &count), -E2BIG, "doubled");
	cr_expect_eq(numbers("1-8,9", got, &count), -E2BIG, "one too many");
	cr_expect_eq(numbers("1,2-9", got, &count), -E2BIG, "later too long");
	cr_expect_eq(got[ROOM], 7, "it wrote past the end");
}

Test(text, a_label_has_letters_digits_and_a_few_marks_inside)
{
	static const char *const good[] = { "a",  "Z9",       "mutex",
		                            "4x", "a.b-c_d.", "none_rmw" };
	static const char *const bad[] = {
		"",         ".",   "..",  ".a",      "-a",    "_a",
		"=cmd|x",   "a b", "a/b", "../../x", "`x`",   "a\"b",
		"a'b",      "< x", "@x",  "a\n",     "a\tb",  "$(x)",
		"\xc3\xa9", "a,b", "a;b", "a\\b",    "a\x7f", "a%s",
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		cr_expect(text_is_label(good[i]), "\"%s\" is one", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_not(text_is_label(bad[i]), "\"%s\" is none", bad[i]);
}

Test(text, a_label_has_at_most_64_characters)
{
	char text[66];

	memset(text, 'a', sizeof(text));
	text[65] = '\0';
	cr_expect_not(text_is_label(text), "65 are too many");
	text[64] = '\0';
	cr_expect(text_is_label(text), "64 are fine");
}

static const struct {
	double value;
	const char *text;
} shorts[] = {
	{ 0, "0.00" },        { 0.354, "0.35" },
	{ 0.995, "0.99" }, /* the nearest double lies below */
	{ 0.9951, "1.00" },   { 1, "1.00" },
	{ 9.994, "9.99" },    { 9.9949, "9.99" },
	{ 9.995, "10.0" },    { 10, "10.0" },
	{ 24.14, "24.1" },    { 99.94, "99.9" },
	{ 99.95, "100" },     { 100, "100" },
	{ 997.4, "997" },     { 999.4, "999" },
	{ 999.5, "1.00k" },   { 1000, "1.00k" },
	{ 9994, "9.99k" },    { 9995, "10.0k" },
	{ 25100, "25.1k" },   { 99950, "100k" },
	{ 999499, "999k" },   { 999500, "1.00M" },
	{ 4450000, "4.45M" }, { 1e9, "1.00G" },
	{ 1e12, "1.00T" },    { 1e15, "1.00P" },
	{ 1e18, "1.00E" },    { 9.99e20, "999E" },
	{ 1e21, "1e21" },     { 9.6e22, "1e23" },
	{ 1e308, "1e308" },   { -1e308, "-1e308" },
	{ -0.354, "-0.35" },  { -999.5, "-1.00k" },
	{ -1e15, "-1.00P" },
};

Test(text, a_short_number_has_three_digits_at_every_border)
{
	char text[TEXT_SHORT];

	for (size_t i = 0; i < sizeof(shorts) / sizeof(shorts[0]); i++)
		cr_expect_str_eq(text_short(text, shorts[i].value),
		                 shorts[i].text, "%.17g became %s, not %s",
		                 shorts[i].value, text, shorts[i].text);
}

Test(text, a_short_number_is_right_to_half_a_digit_and_short)
{
	/* Every magnitude, in steps that meet no border twice. */
	for (int i = 0; i < 6900; i++) {
		double value = 0.1 * pow(1.00731, i);
		static const char suffixes[] = "kMGTPE";
		char text[TEXT_SHORT], *suffix;
		double read;

		(void)text_short(text, value);
		cr_assert_leq(strlen(text), 5, "%.17g became %s", value, text);
		read = strtod(text, &suffix);
		cr_assert(suffix != text, "%s is no number", text);
		if (*suffix)
			read *= pow(1000, (double)(strchr(suffixes, *suffix) -
			                           suffixes) +
			                          1);
		cr_assert_leq(fabs(read - value),
		              fmax(0.005, value * 0.005) * 1.0001,
		              "%.17g became %s", value, text);
	}
}

Test(text, a_power_has_one_digit)
{
	char text[TEXT_SHORT];

	cr_expect_str_eq(text_power(text, 3.4e-9), "3e-9", "%s", text);
	cr_expect_str_eq(text_power(text, 9.6e-300), "1e-299", "%s", text);
	cr_expect_str_eq(text_power(text, 0), "0e0", "%s", text);
	cr_expect_str_eq(text_power(text, -INFINITY), "-", "%s", text);
}

Test(text, a_short_number_says_when_there_is_none)
{
	char text[TEXT_SHORT];

	cr_expect_str_eq(text_short(text, NAN), "-", "NAN is %s", text);
	cr_expect_str_eq(text_short(text, INFINITY), "-", "inf is %s", text);
	cr_expect_str_eq(text_short(text, -INFINITY), "-", "-inf is %s", text);
}

Test(text, signals_and_errors_have_names)
{
	cr_expect_str_eq(text_signal(SIGKILL), "SIGKILL", "9");
	cr_expect_str_eq(text_signal(SIGSEGV), "SIGSEGV", "11");
	cr_expect_str_eq(text_signal(63), "signal 63", "one without a name");
	cr_expect_str_eq(text_errno(EIDRM), "EIDRM", "43");
	cr_expect_str_eq(text_errno(99999), "errno 99999", "none");
}

/* The name of a file that needs no removal: it has none in any folder. */
static const char *file_of(const char *text)
{
	static char path[32];
	int fd = memfd_create("text", MFD_CLOEXEC);

	cr_assert_geq(fd, 0, "memfd_create: %s", strerror(errno));
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text),
	             "cannot write");
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

Test(text, the_first_line_is_read_without_its_newline)
{
	char line[8];

	cr_expect_eq(
	        text_first_line(file_of("first\nsecond\n"), line, sizeof(line)),
	        0, "refused");
	cr_expect_str_eq(line, "first", "it reads %s", line);
}

Test(text, a_long_first_line_is_cut)
{
	char line[8];

	cr_expect_eq(
	        text_first_line(file_of("0123456789\n"), line, sizeof(line)), 0,
	        "refused");
	cr_expect_str_eq(line, "0123456", "it reads %s", line);
}

Test(text, an_empty_file_has_an_empty_first_line)
{
	char line[8] = "before";

	cr_expect_eq(text_first_line(file_of(""), line, sizeof(line)), 0,
	             "refused");
	cr_expect_str_eq(line, "", "it reads %s", line);
}

Test(text, a_first_line_that_cannot_be_read_is_an_error)
{
	char line[8];

	cr_expect_eq(text_first_line("/none/such", line, sizeof(line)), -ENOENT,
	             "no file");
	cr_expect_lt(text_first_line("/proc", line, sizeof(line)), 0,
	             "a folder");
}
