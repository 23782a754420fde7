#include "harness/view/histogram.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TENTHS = 10,
	ROWS = TENTHS + 1, /* and one for exactly everything */
	MARGIN = 22,       /* columns beside the bars */
};

/* "1,234,567" */
static const char *grouped(char text[32], uint64_t value)
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%llu",
	                      (unsigned long long)value);
	char *out = text;

	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			*out++ = ',';
		*out++ = digits[i];
	}
	*out = '\0';
	return text;
}

static size_t row_of(uint64_t total, uint64_t expected)
{
	double share = (double)total / (double)expected;

	if (total >= expected)
		return TENTHS;
	/* All but a few of 2^53 is still not all. */
	return share >= 1 ? TENTHS - 1 : (size_t)(share * TENTHS);
}

static void put_rows(FILE *out, const struct histogram *histogram,
                     uint64_t expected)
{
	size_t rows[ROWS] = { 0 }, most = 1;
	unsigned width = histogram->columns > MARGIN + 10
	                         ? histogram->columns - MARGIN
	                         : 10;

	for (size_t i = 0; i < histogram->count; i++)
		rows[row_of(histogram->totals[i], expected)]++;
	for (size_t i = 0; i < ROWS; i++)
		most = rows[i] > most ? rows[i] : most;
	for (size_t i = 0; i < ROWS; i++) {
		/* A single trial among thousands must still be seen. */
		size_t length = (rows[i] * width + most - 1) / most;
		const char *on = !histogram->color ? ""
		                 : i == TENTHS     ? "\033[1;36m"
		                                   : "\033[1;33m";

		if (i < TENTHS)
			(void)fprintf(out, "  %2zu - %3zu %% |", i * 10,
			              (i + 1) * 10);
		else
			(void)fprintf(out, "  all, 100 %% |");
		(void)fputs(on, out);
		for (size_t j = 0; j < length; j++)
			(void)fputc('#', out);
		(void)fputs(histogram->color ? "\033[0m" : "", out);
		if (rows[i])
			(void)fprintf(out, " %zu", rows[i]);
		(void)fputc('\n', out);
	}
}

/* Rounded down: all but one is not 100.00 %. */
static double percent(uint64_t total, uint64_t expected)
{
	double value = 100 * (double)total / (double)expected;

	return total < expected ? fmin(floor(value * 100) / 100, 99.99) : value;
}

static void put_trials(FILE *out, const struct histogram *histogram,
                       uint64_t expected)
{
	uint64_t low = UINT64_MAX, high = 0, last;
	char text[32];

	if (histogram->count == 0)
		return;
	for (size_t i = 0; i < histogram->count; i++) {
		uint64_t total = histogram->totals[i];

		low = total < low ? total : low;
		high = total > high ? total : high;
	}
	last = histogram->totals[histogram->count - 1];
	(void)fprintf(out, "\n  trial %zu: %s", histogram->count,
	              grouped(text, last));
	(void)fprintf(out, " = %.2f %%   lowest %.2f %%, highest %.2f %%\n",
	              percent(last, expected), percent(low, expected),
	              percent(high, expected));
}

char *histogram_text(const struct histogram *histogram)
{
	uint64_t expected = histogram->each * histogram->workers;
	char *text = NULL, each[32], all[32];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	(void)fprintf(out, "%s  %s: %s%s\n\n",
	              histogram->color ? "\033[1m" : "", histogram->strategy,
	              histogram->summary, histogram->color ? "\033[0m" : "");
	(void)fprintf(out, "  %u worker%s x %s increments = %s expected\n\n",
	              histogram->workers, histogram->workers == 1 ? "" : "s",
	              grouped(each, histogram->each), grouped(all, expected));
	put_rows(out, histogram, expected);
	put_trials(out, histogram, expected);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
