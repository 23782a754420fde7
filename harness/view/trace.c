#include "harness/view/trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/view/canvas.h"
#include "harness/view/end.h"
#include "harness/view/step.h"
#include "harness/view/words.h"

enum {
	APART = 2,          /* columns between step, line and what follows */
	ARROW = 4,          /* the shortest, and a blank on each side */
	COLUMNS_MAX = 4,    /* workers that have a column each */
	LINE_MAX_WIDE = 16, /* of the line's column */
	LINE_MAX_NARROW = 12,
};

/* Where columns begin, and how wide they are, arrows included. */
struct layout {
	unsigned columns;  /* of workers; 0: one for all */
	unsigned left;     /* so many of them stand before the memory */
	size_t step, line; /* how wide */
	size_t begin, worker, memory;
	size_t memory_at;
};

struct trace {
	const struct replay *replay;
	const struct verdict_names *names;
	struct pen pen;
	bool utf8;
	struct layout layout;
	struct canvas canvas;
	struct past past;
};

/* --- where things stand */

/* A flush is the machine's, and no line of the source. */
static const char *line_of(const struct trace *trace,
                           const struct replay_step *step,
                           char text[NAMES_TEXT])
{
	if (step->move.way == WAY_FLUSH)
		return words_copy(text, NAMES_TEXT, "(flush)");
	return names_line(trace->names, step->pc, text);
}

static size_t widest_line(const struct trace *trace, size_t most)
{
	size_t width = strlen("line");
	char text[NAMES_TEXT];

	for (size_t i = 0; i < trace->replay->count && width < most; i++) {
		const struct replay_step *step = &trace->replay->step[i];
		size_t length;

		if (i > 0 && step->pc == step[-1].pc)
			continue;
		length = words_width(line_of(trace, step, text));
		width = length > width ? length : width;
	}
	return width < most ? width : most;
}

static size_t memory_width(unsigned columns)
{
	static const size_t widths[] = { 30, 32, 24, 16, 15 };

	return widths[columns];
}

static void lay_out(struct trace *trace)
{
	struct layout *layout = &trace->layout;
	unsigned workers = trace->names->machine.workers;
	size_t rest;
	char number[32];

	layout->columns = workers <= COLUMNS_MAX ? workers : 0;
	layout->step = (size_t)snprintf(number, sizeof(number), "%zu",
	                                trace->replay->count);
	if (layout->step < strlen("step"))
		layout->step = strlen("step");
	layout->line = widest_line(trace, layout->columns > 2 ? LINE_MAX_NARROW
	                                                      : LINE_MAX_WIDE);
	layout->begin = layout->step + layout->line + APART + APART;
	layout->memory = memory_width(layout->columns);
	rest = WORDS_COLUMNS - layout->begin - layout->memory;
	layout->worker = layout->columns ? rest / layout->columns : rest;
	layout->left = layout->columns ? (layout->columns + 1) / 2 : 1;
	layout->memory_at = layout->begin + layout->left * layout->worker;
}

/* Where the column of a worker begins; all share the first of a single one. */
static size_t column_of(const struct layout *layout, unsigned worker)
{
	if (layout->columns == 0)
		return layout->begin;
	if (worker < layout->left)
		return layout->begin + worker * layout->worker;
	return layout->memory_at + layout->memory +
	       (worker - layout->left) * layout->worker;
}

static bool is_left(const struct layout *layout, unsigned worker)
{
	return layout->columns == 0 || worker < layout->left;
}

static void put_at(struct trace *trace, size_t column, const char *text)
{
	size_t end;

	(void)canvas_put(&trace->canvas, column, WORDS_COLUMNS - column, text,
	                 &end);
}

static void put_header(struct trace *trace)
{
	const struct layout *layout = &trace->layout;
	char letter[] = "A";

	put_at(trace, layout->step - strlen("step"), "step");
	put_at(trace, layout->step + APART, "line");
	for (unsigned i = 0; i < layout->columns; i++, letter[0]++)
		put_at(trace, column_of(layout, i), letter);
	if (layout->columns == 0)
		put_at(trace, layout->begin, "who what");
	put_at(trace, layout->memory_at, "memory");
	pen_color(&trace->pen, "1");
	canvas_flush(&trace->canvas, trace->pen.out);
	pen_color(&trace->pen, NULL);
}

/* --- arrows: FROM and TO are the columns between which there is room */

static void put_arrow(struct trace *trace, enum step_arrow arrow, bool left,
                      size_t from, size_t to)
{
	const char *line = trace->utf8 ? "\u2500" : "-";
	const char *west = trace->utf8 ? "\u2190" : "<";
	const char *east = trace->utf8 ? "\u2192" : ">";
	bool to_east = left ? arrow != ARROW_LOAD : arrow != ARROW_STORE;
	bool to_west = left ? arrow != ARROW_STORE : arrow != ARROW_LOAD;

	if (arrow == ARROW_NONE || from + 1 >= to)
		return;
	canvas_fill(&trace->canvas, from, to, line);
	if (to_west)
		canvas_fill(&trace->canvas, from, from + 1, west);
	if (to_east)
		canvas_fill(&trace->canvas, to - 1, to, east);
}

/* --- rows */

/* What is still to be put of a row, which may take several lines. */
struct row {
	unsigned worker;
	enum step_arrow arrow;
	char line[NAMES_TEXT];
	char who_what[STEP_TEXT + 64];
	struct step_words words;
	const char *line_rest, *worker_rest, *memory_rest;
};

/*
 * A text may go on over the next columns, as arrows do: a row is one worker's,
 * and it begins in that worker's column.
 */
static size_t worker_width(const struct layout *layout, const struct row *row)
{
	size_t column = column_of(layout, row->worker);

	if (!is_left(layout, row->worker))
		return WORDS_COLUMNS - column;
	if (row->words.memory[0])
		return layout->memory_at - ARROW - column;
	return layout->memory_at + layout->memory - 1 - column;
}

static void put_line(struct trace *trace, struct row *row)
{
	const struct layout *layout = &trace->layout;
	struct canvas *canvas = &trace->canvas;
	size_t column = column_of(layout, row->worker);
	size_t memory = layout->memory - (layout->columns > 1 ? ARROW : 0);
	size_t end, memory_end;

	row->line_rest = canvas_put(canvas, layout->step + APART, layout->line,
	                            row->line_rest, &end);
	row->memory_rest = canvas_put(canvas, layout->memory_at, memory,
	                              row->memory_rest, &memory_end);
	row->worker_rest = canvas_put(canvas, column, worker_width(layout, row),
	                              row->worker_rest, &end);
	if (is_left(layout, row->worker))
		put_arrow(trace, row->arrow, true, end + 1,
		          layout->memory_at - 1);
	else
		put_arrow(trace, row->arrow, false, memory_end + 1, column - 1);
	row->arrow = ARROW_NONE;
	canvas_flush(canvas, trace->pen.out);
}

/* The end of a line's name is what tells it from others. */
static void keep_end(char text[NAMES_TEXT], size_t width)
{
	size_t columns = words_width(text);
	const char *from = text;

	if (columns <= width)
		return;
	for (columns -= width - 2; columns > 0; columns--) {
		do
			from++;
		while (words_columns(from, 1) == 0);
	}
	memmove(text + 2, from, strlen(from) + 1);
	memset(text, '.', 2);
}

static void put_row(struct trace *trace, size_t index, size_t times,
                    const struct step_past *with)
{
	const struct replay_step *step = &trace->replay->step[index];
	const struct layout *layout = &trace->layout;
	struct row row = { .worker = step->move.worker };
	char number[32], repeated[32] = "";

	step_say(trace->replay, trace->names, &trace->past, index, with,
	         layout->columns > 2, &row.words);
	row.arrow = row.words.arrow;
	if (times > 1)
		(void)snprintf(repeated, sizeof(repeated), " x%zu", times);
	(void)snprintf(row.who_what, sizeof(row.who_what), "%c  %s%s",
	               'A' + row.worker, row.words.worker, repeated);
	row.worker_rest = row.who_what + (layout->columns ? 3 : 0);
	row.memory_rest = row.words.memory;
	row.line_rest = line_of(trace, step, row.line);
	keep_end(row.line, layout->line);
	(void)snprintf(number, sizeof(number), "%zu", index + 1);
	put_at(trace, layout->step - strlen(number), number);
	do
		put_line(trace, &row);
	while (row.line_rest[0] || row.worker_rest[0] || row.memory_rest[0]);
}

static void put_lost(struct trace *trace, size_t index,
                     const struct step_past *with)
{
	const struct replay_step *step = &trace->replay->step[index];
	size_t indent = trace->layout.step + APART;
	char cell[NAMES_TEXT], text[2 * NAMES_TEXT], lost[96];

	if (with->lost == 0)
		return;
	if (with->lost == 1)
		(void)snprintf(lost, sizeof(lost), "what step %zu stored",
		               with->first_lost);
	else
		(void)snprintf(lost, sizeof(lost),
		               "%zu stores (steps %zu to %zu)", with->lost,
		               with->first_lost, with->last_lost);
	(void)snprintf(text, sizeof(text),
	               "LOST: %c loaded %s in step %zu, and overwrites %s",
	               'A' + step->move.worker,
	               names_cell(trace->names, step->cell.offset, cell),
	               with->loaded, lost);
	(void)fprintf(trace->pen.out, "%*s", (int)indent, "");
	pen_color(&trace->pen, "1;31");
	words_put(trace->pen.out, text, indent);
	pen_color(&trace->pen, NULL);
}

/* --- steps that a worker repeats, as in a spin loop */

static bool changes_nothing(const struct replay_step *step)
{
	return step->move.way == 0 && !step->ended &&
	       (step->kind == OP_LOAD || step->kind == OP_RMW) &&
	       !step_writes(step);
}

static bool same_step(const struct replay_step *a, const struct replay_step *b)
{
	return a->move.worker == b->move.worker && a->kind == b->kind &&
	       a->pc == b->pc && a->buffered == b->buffered &&
	       a->stores == b->stores && a->cell.offset == b->cell.offset &&
	       a->cell.size == b->cell.size &&
	       memcmp(a->cell.bytes, b->cell.bytes, sizeof(a->cell.bytes)) == 0;
}

static size_t times_of(const struct replay *replay, size_t index)
{
	const struct replay_step *first = &replay->step[index];
	size_t times = 1;

	while (index + times < replay->count && changes_nothing(first) &&
	       changes_nothing(&replay->step[index + times]) &&
	       same_step(first, &replay->step[index + times]))
		times++;
	return times;
}

static void put_steps(struct trace *trace)
{
	const struct replay *replay = trace->replay;
	size_t times;

	for (size_t i = 0; i < replay->count; i += times) {
		struct step_past with = past_add(&trace->past, replay, i);

		times = times_of(replay, i);
		put_row(trace, i, times, &with);
		put_lost(trace, i, &with);
		for (size_t j = 1; j < times; j++)
			(void)past_add(&trace->past, replay, i + j);
	}
}

/* --- above and below the table */

static void put_top(struct trace *trace, const char *heading)
{
	words_put(trace->pen.out, heading, 0);
	(void)fputc('\n', trace->pen.out);
	if (trace->names->machine.memory != MEMORY_TSO)
		return;
	(void)fputs("[x=1] is a worker's store buffer, the oldest store "
	            "first: stores go there, loads\n"
	            "may be served from there, and (flush) moves the oldest "
	            "to memory.\n\n",
	            trace->pen.out);
}

static void put_unfit(struct trace *trace)
{
	const struct replay *replay = trace->replay;
	char text[160];

	if (replay->unfit >= REPLAY_STEPS)
		(void)snprintf(text, sizeof(text),
		               "the schedule has more than %d steps",
		               REPLAY_STEPS);
	else
		(void)snprintf(text, sizeof(text),
		               "step %zu of the schedule cannot be made: "
		               "source or compiler changed",
		               replay->unfit + 1);
	pen_color(&trace->pen, end_color(VERDICT_UNFINISHED));
	(void)fputs("DOES NOT FIT: ", trace->pen.out);
	words_put(trace->pen.out, text, strlen("DOES NOT FIT: "));
	pen_color(&trace->pen, NULL);
}

static void put_end(struct trace *trace)
{
	const struct outcome *outcome = &trace->replay->outcome;
	char fine[64] = ": the check finds nothing wrong";

	(void)fputc('\n', trace->pen.out);
	if (!trace->names->program)
		(void)snprintf(fine, sizeof(fine), ": the total is %" PRIu64,
		               outcome->total);
	if (trace->replay->fits)
		end_put(&trace->pen, trace->names, outcome->kind,
		        outcome->message, outcome->pc, fine);
	else
		put_unfit(trace);
}

char *trace_text(const struct replay *replay, const struct verdict_names *names,
                 bool utf8, bool color)
{
	struct trace *trace = calloc(1, sizeof(*trace));
	char *heading = names_heading(names), *text = NULL;

	if (trace && heading) {
		trace->replay = replay;
		trace->names = names;
		trace->utf8 = utf8;
		pen_open(&trace->pen, color);
	}
	if (trace && trace->pen.out) {
		put_top(trace, heading);
		lay_out(trace);
		put_header(trace);
		put_steps(trace);
		put_end(trace);
		text = pen_close(&trace->pen);
	}
	free(heading);
	free(trace);
	return text;
}
