#include "harness/view/histogram.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TENTHS = 10, LINES = 19, WIDEST = 512 };

static struct histogram histogram_of(const uint64_t *totals, size_t count)
{
	return (struct histogram){
		.strategy = "none",
		.summary = "no synchronization",
		.workers = 2,
		.each = 500,
		.totals = totals,
		.count = count,
		.columns = 80,
	};
}

/* The picture, cut into lines; returns how many. */
static int lines_of(const struct histogram *histogram,
                    char lines[LINES + 1][WIDEST])
{
	char *text = histogram_text(histogram), *rest = text;
	int count = 0;

	cr_assert_not_null(text, "no text");
	for (char *line = strsep(&rest, "\n"); rest;
	     line = strsep(&rest, "\n")) {
		cr_assert_leq(count, LINES, "more than %d lines", LINES);
		(void)snprintf(lines[count++], WIDEST, "%s", line);
	}
	free(text);
	return count;
}

/* How many trials the row of that tenth says, or TENTHS for all of it. */
static int trials_in(char lines[LINES + 1][WIDEST], int count, int tenth)
{
	char begin[32];

	if (tenth < TENTHS)
		(void)snprintf(begin, sizeof(begin), "  %2d - %3d %% |",
		               tenth * 10, tenth * 10 + 10);
	else
		(void)snprintf(begin, sizeof(begin), "  all, 100 %% |");
	for (int i = 0; i < count; i++) {
		const char *blank = strrchr(lines[i], ' ');

		if (strncmp(lines[i], begin, strlen(begin)) != 0)
			continue;
		return lines[i][strlen(begin)] ? atoi(blank) : 0;
	}
	cr_assert_fail("there is no row %s", begin);
	return -1;
}

/* Of 1000: the borders belong to the row above, and only 1000 is all. */
Test(histogram, counts_each_total_in_its_tenth)
{
	static const uint64_t totals[] = { 0,   1,   99,  100, 199, 500,
		                           500, 899, 900, 999, 1000 };
	static const int want[] = { 3, 2, 0, 0, 0, 2, 0, 0, 1, 2, 1 };
	struct histogram histogram = histogram_of(totals, 11);
	char lines[LINES + 1][WIDEST];
	int count = lines_of(&histogram, lines);

	for (int tenth = 0; tenth <= TENTHS; tenth++)
		cr_expect_eq(trials_in(lines, count, tenth), want[tenth],
		             "row %d has %d", tenth,
		             trials_in(lines, count, tenth));
}

Test(histogram, keeps_all_but_one_of_many_out_of_the_last_row)
{
	uint64_t each = UINT64_C(1) << 61;
	uint64_t totals[] = { 2 * each - 1, 2 * each };
	struct histogram histogram = histogram_of(totals, 2);
	char lines[LINES + 1][WIDEST];
	int count;

	histogram.each = each;
	count = lines_of(&histogram, lines);
	cr_expect_eq(trials_in(lines, count, 9), 1, "all but one");
	cr_expect_eq(trials_in(lines, count, TENTHS), 1, "all");
}

static size_t longest_bar(char lines[LINES + 1][WIDEST], int count)
{
	size_t longest = 0;

	for (int i = 0; i < count; i++) {
		const char *bar = strchr(lines[i], '#');
		size_t length = bar ? strspn(bar, "#") : 0;

		longest = length > longest ? length : longest;
	}
	return longest;
}

Test(histogram, shows_a_single_trial_among_thousands)
{
	static uint64_t totals[5000];
	struct histogram histogram = histogram_of(totals, 5000);
	char lines[LINES + 1][WIDEST];
	int count;

	for (int i = 1; i < 5000; i++)
		totals[i] = 1000;
	count = lines_of(&histogram, lines);
	cr_expect_eq(trials_in(lines, count, 0), 1, "it is counted");
	for (int i = 0; i < count; i++) {
		if (strncmp(lines[i], "   0 -  10 %", 12) == 0)
			cr_expect_not_null(strchr(lines[i], '#'), "%s",
			                   lines[i]);
	}
}

Test(histogram, fits_the_terminal)
{
	static const unsigned columns[] = { 40, 80, 132, 400 };
	static uint64_t totals[100000];
	struct histogram histogram = histogram_of(totals, 100000);
	char lines[LINES + 1][WIDEST];

	for (int i = 0; i < 100000; i++)
		totals[i] = i % 3 ? 550 : 1000;
	for (int i = 0; i < 4; i++) {
		int count;

		histogram.columns = columns[i];
		count = lines_of(&histogram, lines);
		cr_expect_leq(count, LINES, "%d lines", count);
		for (int j = 0; j < count; j++)
			cr_expect(!strchr(lines[j], '#') ||
			                  strlen(lines[j]) <= columns[i],
			          "%zu columns of %u: %s", strlen(lines[j]),
			          columns[i], lines[j]);
		cr_expect_geq(longest_bar(lines, count), columns[i] - 30,
		              "%u columns are not made use of", columns[i]);
	}
}

Test(histogram, says_what_was_expected_and_what_came)
{
	static const uint64_t totals[] = { 2000, 1234, 1997 };
	struct histogram histogram = histogram_of(totals, 3);
	char *text;

	histogram.each = 1000;
	text = histogram_text(&histogram);
	cr_assert_not_null(text, "no text");
	cr_expect(strstr(text, "none: no synchronization"), "%s", text);
	cr_expect(strstr(text, "2 workers x 1,000 increments = 2,000 expected"),
	          "%s", text);
	cr_expect(strstr(text, "trial 3: 1,997 = 99.85 %"), "%s", text);
	cr_expect(strstr(text, "lowest 61.70 %, highest 100.00 %"), "%s", text);
	free(text);
}

Test(histogram, never_says_100_percent_of_less_than_all)
{
	static const uint64_t totals[] = { 1999999999 };
	struct histogram histogram = histogram_of(totals, 1);
	char *text;

	histogram.each = 1000000000;
	text = histogram_text(&histogram);
	cr_assert_not_null(text, "no text");
	cr_expect(strstr(text, "1,999,999,999 = 99.99 %"), "%s", text);
	cr_expect(strstr(text, "highest 99.99 %"), "%s", text);
	free(text);
}

Test(histogram, has_its_rows_before_the_first_trial)
{
	struct histogram histogram = histogram_of(NULL, 0);
	char lines[LINES + 1][WIDEST];
	int count = lines_of(&histogram, lines);

	for (int tenth = 0; tenth <= TENTHS; tenth++)
		cr_expect_eq(trials_in(lines, count, tenth), 0, "row %d",
		             tenth);
	cr_expect_eq(longest_bar(lines, count), 0, "a bar of nothing");
}

Test(histogram, has_color_only_where_it_is_wanted)
{
	static const uint64_t totals[] = { 500, 1000 };
	struct histogram histogram = histogram_of(totals, 2);
	char *plain = histogram_text(&histogram), *colored;
	const char *on;

	histogram.color = true;
	colored = histogram_text(&histogram);
	cr_assert(plain && colored, "no text");
	cr_expect_null(strchr(plain, '\033'), "plain has color");
	cr_assert_not_null(strchr(colored, '\033'), "color has none");
	/* The last thing that is said about color is to end it. */
	on = strrchr(colored, '\033');
	cr_expect(on && strncmp(on, "\033[0m", 4) == 0, "it stays on");
	free(plain);
	free(colored);
}
