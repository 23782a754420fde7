#include "harness/view/ways.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/median.h"

enum column { P50, P90, P99, P999, MAX, MB_PER_S, MESSAGES_PER_S };

static double value_of(const struct message *message, enum column column)
{
	switch (column) {
	case P50:
		return message->p50;
	case P90:
		return message->p90;
	case P99:
		return message->p99;
	case P999:
		return message->p999;
	case MAX:
		return message->max;
	case MB_PER_S:
		return message->mb_per_s;
	case MESSAGES_PER_S:
		return message->messages_per_s;
	}
	return NAN;
}

/* Of the runs that are looked at, or NULL. */
static const struct message *message_at(const struct archive *archive,
                                        size_t index)
{
	const struct archive_message *entry = &archive->messages[index];

	return archive->runs[entry->run].selected ? &entry->message : NULL;
}

static bool belongs(const struct message *message, const struct ways_cell *cell)
{
	return message->bytes == cell->bytes &&
	       strcmp(message->channel, cell->channel) == 0;
}

/* VALUES, with room for all, gets those of the cell; returns how many. */
static size_t values_of(const struct archive *archive,
                        const struct ways_cell *cell, enum column column,
                        double *values)
{
	size_t count = 0;

	for (size_t i = 0; i < archive->messages_count; i++) {
		const struct message *message = message_at(archive, i);

		if (message && message->valid && belongs(message, cell) &&
		    isfinite(value_of(message, column)))
			values[count++] = value_of(message, column);
	}
	return count;
}

static struct summary summarize(const struct archive *archive,
                                const struct ways_cell *cell,
                                enum column column, double *values)
{
	size_t count = values_of(archive, cell, column, values);

	return summary_of(values, count);
}

/*
 * Of a percentile that every trial has. The slow ones are those with too few
 * round trips to have it: the median of the others would be a lie.
 */
static double median(const struct archive *archive,
                     const struct ways_cell *cell, enum column column,
                     double *values)
{
	size_t count = values_of(archive, cell, column, values);

	return count == cell->p50.count ? median_of(values, count) : NAN;
}

static void note_fate(struct ways_cell *cell, const struct message *message)
{
	if (message->valid) {
		cell->pieces = message->pieces;
		return;
	}
	cell->invalid++;
	if (!cell->fate[0])
		memcpy(cell->fate, message->fate, sizeof(cell->fate));
}

static struct ways_cell *cell_of(struct ways *ways,
                                 const struct message *message)
{
	struct ways_cell *cell = ways->cells;

	for (size_t i = 0; i < ways->count; i++, cell++) {
		if (belongs(message, cell))
			return cell;
	}
	/* There is room for a cell for each message. */
	ways->count++;
	memcpy(cell->channel, message->channel, sizeof(cell->channel));
	cell->bytes = message->bytes;
	cell->alone = message->mode == MESSAGE_ALONE;
	return cell;
}

static void fill(const struct archive *archive, struct ways_cell *cell,
                 double *values)
{
	cell->p50 = summarize(archive, cell, P50, values);
	cell->p90 = median(archive, cell, P90, values);
	cell->p99 = median(archive, cell, P99, values);
	cell->p999 = median(archive, cell, P999, values);
	cell->mb_per_s = summarize(archive, cell, MB_PER_S, values);
	cell->messages_per_s = summarize(archive, cell, MESSAGES_PER_S, values);
	cell->trials = cell->p50.count > cell->mb_per_s.count
	                       ? cell->p50.count
	                       : cell->mb_per_s.count;
	cell->max = NAN;
	for (size_t i = values_of(archive, cell, MAX, values); i-- > 0;)
		cell->max = fmax(cell->max, values[i]);
}

static int by_size_then_latency(const void *a, const void *b)
{
	const struct ways_cell *x = a, *y = b;
	double p = x->p50.median, q = y->p50.median;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? -1 : 1;
	if (x->alone != y->alone)
		return y->alone - x->alone;
	/* A cell without a valid trial has no latency, and comes last. */
	if (isnan(p) || isnan(q))
		return isnan(p) - isnan(q);
	if (p < q || p > q)
		return p < q ? -1 : 1;
	return strcmp(x->channel, y->channel);
}

int ways_of(struct ways *ways, const struct archive *archive)
{
	size_t room = archive->messages_count + 1;
	double *values = calloc(room, sizeof(*values));

	*ways = (struct ways){ .archive = archive };
	ways->cells = calloc(room, sizeof(*ways->cells));
	if (!values || !ways->cells) {
		free(values);
		ways_free(ways);
		return -ENOMEM;
	}
	for (size_t i = 0; i < archive->messages_count; i++) {
		const struct message *message = message_at(archive, i);

		if (message)
			note_fate(cell_of(ways, message), message);
	}
	for (size_t i = 0; i < ways->count; i++)
		fill(archive, &ways->cells[i], values);
	free(values);
	qsort(ways->cells, ways->count, sizeof(*ways->cells),
	      by_size_then_latency);
	return 0;
}

void ways_free(struct ways *ways)
{
	free(ways->cells);
	ways->cells = NULL;
	ways->count = 0;
}
