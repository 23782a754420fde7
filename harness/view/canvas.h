/* A row of 80 columns that texts are put into, side by side. */
#ifndef HARNESS_VIEW_CANVAS_H
#define HARNESS_VIEW_CANVAS_H

#include <stddef.h>
#include <stdio.h>

#include "harness/view/words.h"

struct canvas {
	char cell[WORDS_COLUMNS][5]; /* a character each; empty: a blank */
};

/*
 * Puts a line of TEXT at COLUMN: as many words as WIDTH columns hold. Returns
 * the rest of the text, and in *END the column behind what was put.
 */
const char *canvas_put(struct canvas *canvas, size_t column, size_t width,
                       const char *text, size_t *end);

/* Puts TEXT of one character into the columns from FROM to before TO. */
void canvas_fill(struct canvas *canvas, size_t from, size_t to,
                 const char *text);

/* Writes the row without blanks at its end, and a newline; clears it. */
void canvas_flush(struct canvas *canvas, FILE *out);

#endif
