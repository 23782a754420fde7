/*
 * A listing in assembly, as `cc -S -g` writes it, read statement by statement:
 * what the compiler made of a source, and from which line of it.
 */
#ifndef HARNESS_TARGET_LISTING_H
#define HARNESS_TARGET_LISTING_H

#include <stdbool.h>
#include <stddef.h>

enum { STATEMENT_MAX = 256 };

/* An instruction; by hand, a directive, too. */
struct statement {
	/* In lower case, without comment and superfluous blanks; cut if long. */
	char text[STATEMENT_MAX];
	/* As it stands in the listing. */
	const char *begin, *end;
	/* Whether a person wrote it, in an asm statement. */
	bool by_hand;
	/* The file's base name; the line is 0 where it is not known. */
	const char *file;
	unsigned line;
};

struct listing {
	/* All is private. */
	const char *at, *line_end, *end;
	bool by_hand;
	char **files; /* base names by number */
	size_t files_count;
	unsigned file, line;
};

/* Begins at the beginning of SIZE bytes, which the caller keeps. */
void listing_begin(struct listing *listing, const char *text, size_t size);

/* Reads the next statement. Returns 1, 0 at the end, or -ENOMEM. */
int listing_next(struct listing *listing, struct statement *statement);

/* The base name of the source, once its first statement has been read. */
const char *listing_source(const struct listing *listing);

void listing_end(struct listing *listing);

/* Writes "counter.c:12", or less where less is known. Returns TEXT. */
const char *statement_place(const struct statement *statement, char *text,
                            size_t size);

/* Whether it names SYMBOL, which is spelled as in the source. */
bool statement_names(const struct statement *statement, const char *symbol);

#endif
