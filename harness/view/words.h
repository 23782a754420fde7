/*
 * Text for a terminal of 80 columns. What comes from outside (names of files,
 * messages of a student's check) may hold anything, and a text that was cut may
 * end inside a character: words_copy() makes it valid UTF-8 without controls,
 * and all else here expects that. A column is a character.
 */
#ifndef HARNESS_VIEW_WORDS_H
#define HARNESS_VIEW_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { WORDS_COLUMNS = 80 };

/*
 * Copies FROM to TO of SIZE bytes, cut if it is too long; a byte that is not to
 * be printed becomes '?'. Returns TO.
 */
char *words_copy(char *to, size_t size, const char *from);

/* How many columns BYTES of TEXT take; and all of it. */
size_t words_columns(const char *text, size_t bytes);
size_t words_width(const char *text);

/*
 * How many bytes of TEXT go on a line of WIDTH columns, at least 1: up to a
 * blank, or into a word that is longer than a line. Blanks follow, to be skipped.
 */
size_t words_fit(const char *text, size_t width);

/*
 * Writes TEXT and a newline to OUT, which stands in column INDENT; the lines
 * after the first are set in by as much.
 */
void words_put(FILE *out, const char *text, size_t indent);

/* A text that grows: to be written to, and perhaps in color. */
struct pen {
	FILE *out; /* NULL: memory ran out */
	bool color;
	char *text;
	size_t size;
};

void pen_open(struct pen *pen, bool color);

/* Begins a color, such as "1;31"; NULL ends it. */
void pen_color(const struct pen *pen, const char *color);

/* The text, to be freed with free(); NULL where memory ran out. */
char *pen_close(struct pen *pen);

#endif
