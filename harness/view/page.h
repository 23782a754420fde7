/* What the tables of a comparison have in common: at most 80 columns of text. */
#ifndef HARNESS_VIEW_PAGE_H
#define HARNESS_VIEW_PAGE_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/view/comparison.h"

struct page {
	FILE *out;
	bool color;
	int name; /* columns of the first one */
	char *text;
	size_t size;
};

/*
 * Returns whether there was memory; the page must stay where it is until it is
 * closed. COLOR uses ANSI sequences.
 */
bool page_open(struct page *page, const struct comparison *comparison,
               bool color);

/* Returns what was written, to be freed with free(), or NULL. */
char *page_close(struct page *page);

void page_bold(const struct page *page, bool on);

/* A name that is too long for its column has a line for itself. */
void page_name(const struct page *page, const char *name);

/* What stands before the first figure of a row: '!' where trials were noisy. */
char page_mark(size_t noisy);

/*
 * What the mark means: NOISY of so many TRIALS; nothing where that is 0. WHY is
 * what made one of them noisy, or "".
 */
void page_noise(const struct page *page, size_t noisy, size_t trials,
                const char *why);

/* What made the first noisy trial of CELL noisy; "" where none was. */
const char *page_why(const struct archive *archive,
                     const struct comparison_cell *cell);

/* Who made the cell's trials, as "2 workers on 2 CPUs (pin spread)". */
void page_crowd(const struct page *page, const struct comparison *comparison,
                const struct comparison_cell *cell);

/* How long a trial was: "trials of 100 ms". */
void page_limit(const struct page *page, const struct archive_run *run);

/* Both, and the work inside and outside. */
void page_heading(const struct page *page, const struct comparison *comparison,
                  const struct comparison_cell *cell);

#endif
