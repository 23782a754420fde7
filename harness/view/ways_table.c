/* Ways to talk as text for people. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/view/ways.h"
#include "harness/view/words.h"

enum { NAME_COLUMNS = 11, EACH_COLUMN = 6 };

/* "24.1k", or blanks where it is not known. */
static void put_value(const struct pen *pen, double value)
{
	char text[TEXT_SHORT];

	(void)fprintf(pen->out, " %*s", EACH_COLUMN,
	              isfinite(value) ? text_short(text, value) : "");
}

/* "24.1k 23.9k-25.3k" */
static void put_summary(const struct pen *pen, const struct summary *summary)
{
	char low[TEXT_SHORT], high[TEXT_SHORT], both[2 * TEXT_SHORT] = "";

	put_value(pen, summary->count ? summary->median : NAN);
	if (summary->interval)
		(void)snprintf(both, sizeof(both), "%s-%s",
		               text_short(low, summary->low),
		               text_short(high, summary->high));
	else if (summary->count > 0)
		(void)snprintf(both, sizeof(both), "~");
	(void)fprintf(pen->out, " %-11s", both);
}

static void put_cell(const struct pen *pen, const struct ways_cell *cell)
{
	(void)fprintf(pen->out, "%-*s", NAME_COLUMNS,
	              cell->alone ? "(none)" : cell->channel);
	if (strlen(cell->channel) > NAME_COLUMNS)
		(void)fprintf(pen->out, "\n%*s", NAME_COLUMNS, "");
	if (cell->trials == 0) {
		(void)fprintf(pen->out, "      - %s\n", cell->fate);
		return;
	}
	put_summary(pen, &cell->p50);
	put_value(pen, cell->p99);
	put_value(pen, cell->max);
	put_summary(pen, &cell->mb_per_s);
	put_value(pen, cell->messages_per_s.count ? cell->messages_per_s.median
	                                          : NAN);
	if (!cell->alone)
		(void)fprintf(pen->out, " %6llu%s",
		              (unsigned long long)cell->pieces,
		              cell->invalid ? "!" : "");
	(void)fputc('\n', pen->out);
}

/* 1048576 is 1 MiB, but 1 MB is what one says. */
static void put_heading(const struct pen *pen, const struct ways *ways,
                        const struct ways_cell *cell)
{
	const struct archive_run *run = archive_selected(ways->archive);

	pen_color(pen, "1");
	(void)fprintf(pen->out, "messages of %llu byte%s (pin %s)",
	              (unsigned long long)cell->bytes,
	              cell->bytes == 1 ? "" : "s",
	              archive_text(run, "spec", "pin"));
	pen_color(pen, NULL);
	(void)fprintf(pen->out, "\n%-*s %6s %-11s %6s %6s %6s %-11s %6s %6s\n",
	              NAME_COLUMNS, "channel", "ns p50", "95 %", "p99", "max",
	              "MB/s", "95 %", "msg/s", "pieces");
}

/* Which of the signs in the table need an explanation. */
struct signs {
	size_t trials; /* the most in a cell */
	bool few, unknown, invalid;
	const struct ways_cell *bad; /* the first of the last kind */
};

static struct signs signs_in(const struct ways *ways)
{
	struct signs signs = { 0 };

	for (size_t i = 0; i < ways->count; i++) {
		const struct ways_cell *cell = &ways->cells[i];
		const struct summary *any =
		        cell->p50.count ? &cell->p50 : &cell->mb_per_s;

		if (cell->trials > signs.trials)
			signs.trials = cell->trials;
		signs.few |= any->count > 0 && !any->interval;
		signs.unknown |= cell->p50.count > 0 && isnan(cell->p99);
		if (cell->invalid && cell->trials && !signs.bad)
			signs.bad = cell;
	}
	return signs;
}

static void put_foot(const struct pen *pen, const struct ways *ways)
{
	const struct archive_run *run = archive_selected(ways->archive);
	struct signs signs = signs_in(ways);
	char timer[TEXT_SHORT];

	if (signs.trials == 0) {
		(void)fprintf(pen->out, "\nNo trial was valid.\n");
		return;
	}
	(void)fprintf(
	        pen->out,
	        "\nMedians of %zu trial%s of %.0f ms each; max is of all.\n"
	        "ns     one way: half a round trip, which takes the %s ns of "
	        "the clock along\n"
	        "MB/s   messages in a row, written and checked; (none): one "
	        "process does both\n",
	        signs.trials, signs.trials == 1 ? "" : "s",
	        archive_number(run, "spec", "time_ms"),
	        text_short(timer, archive_number(run, "host", "timer_ns")));
	if (signs.few)
		(void)fprintf(pen->out, "~      fewer than 6 trials give no "
		                        "95 %% interval\n");
	if (signs.unknown)
		(void)fprintf(pen->out, "p99    is left out where a trial had "
		                        "fewer than 100 round trips\n");
	if (signs.bad)
		(void)fprintf(pen->out,
		              "!      not all trials were valid: %s, %s\n",
		              signs.bad->channel, signs.bad->fate);
}

char *ways_table(const struct ways *ways, bool color)
{
	struct pen pen;
	uint64_t bytes = 0;

	pen_open(&pen, color);
	if (!pen.out)
		return NULL;
	for (size_t i = 0; i < ways->count; i++) {
		const struct ways_cell *cell = &ways->cells[i];

		if (cell->bytes != bytes) {
			if (bytes)
				(void)fputc('\n', pen.out);
			bytes = cell->bytes;
			put_heading(&pen, ways, cell);
		}
		put_cell(&pen, cell);
	}
	put_foot(&pen, ways);
	return pen_close(&pen);
}
