#include "harness/target/listing.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
static const char comment_sign[] = "#";
#else
static const char comment_sign[] = "//";
#endif

enum { NAME_MAX_BYTES = 256 };

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$';
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && blank(*at))
		at++;
	return at;
}

static bool begins(const char *at, const char *end, const char *with)
{
	size_t length = strlen(with);

	return (size_t)(end - at) >= length && memcmp(at, with, length) == 0;
}

void listing_begin(struct listing *listing, const char *text, size_t size)
{
	*listing = (struct listing){
		.at = text,
		.line_end = text,
		.end = text + size,
	};
}

void listing_end(struct listing *listing)
{
	for (size_t i = 0; i < listing->files_count; i++)
		free(listing->files[i]);
	free(listing->files);
	listing->files = NULL;
	listing->files_count = 0;
}

/* --- .file and .loc ------------------------------------------------------- */

static const char *read_number(const char *at, const char *end,
                               unsigned *number)
{
	*number = 0;
	at = skip_blanks(at, end);
	for (; at < end && isdigit((unsigned char)*at); at++)
		*number = *number * 10 + (unsigned)(*at - '0');
	return at;
}

/* The character after a backslash, or of up to three octal digits. */
static const char *read_escape(const char *at, const char *end,
                               unsigned char *c)
{
	unsigned value = 0;
	int digits = 0;

	while (digits < 3 && at < end && *at >= '0' && *at <= '7') {
		value = value * 8 + (unsigned)(*at++ - '0');
		digits++;
	}
	*c = (unsigned char)(digits ? value : (unsigned char)*at);
	return digits || at == end ? at : at + 1;
}

/* Reads a string from after its first quote; keeps what follows the last /. */
static const char *read_base_name(const char *at, const char *end,
                                  char name[NAME_MAX_BYTES])
{
	size_t length = 0;

	while (at < end && *at != '"') {
		unsigned char c = (unsigned char)*at++;

		if (c == '\\')
			at = read_escape(at, end, &c);
		if (c == '/')
			length = 0;
		else if (length < NAME_MAX_BYTES - 1)
			memcpy(&name[length++], &c, 1);
	}
	name[length] = '\0';
	return at < end ? at + 1 : at;
}

static int set_file(struct listing *listing, unsigned number, const char *name)
{
	enum { FILES_MAX = 1 << 16 };
	char *copy;

	if (number >= FILES_MAX)
		return 0;
	if (number >= listing->files_count) {
		size_t count = number + 1;
		char **files = reallocarray(listing->files, count,
		                            sizeof(*listing->files));

		if (!files)
			return -ENOMEM;
		for (size_t i = listing->files_count; i < count; i++)
			files[i] = NULL;
		listing->files = files;
		listing->files_count = count;
	}
	copy = strdup(name);
	if (!copy)
		return -ENOMEM;
	free(listing->files[number]);
	listing->files[number] = copy;
	return 0;
}

/* .file NUMBER "directory" "name" md5 0x..., all but the name may be missing. */
static int read_file(struct listing *listing, const char *at, const char *end)
{
	char name[NAME_MAX_BYTES] = "";
	unsigned number;

	at = read_number(at, end, &number);
	for (at = skip_blanks(at, end); at < end && *at == '"';
	     at = skip_blanks(at, end))
		at = read_base_name(at + 1, end, name);
	return set_file(listing, number, name);
}

static const char *file_name(const struct listing *listing, unsigned number)
{
	return number < listing->files_count && listing->files[number]
	               ? listing->files[number]
	               : "";
}

/* An unnumbered .file is the first. */
const char *listing_source(const struct listing *listing)
{
	return file_name(listing, 0);
}

static void read_loc(struct listing *listing, const char *at, const char *end)
{
	unsigned line;

	at = read_number(at, end, &listing->file);
	(void)read_number(at, end, &line);
	if (line >
	    0) /* 0: the compiler's own, which belongs to what is around */
		listing->line = line;
}

/* --- lines ---------------------------------------------------------------- */

/* What gcc and clang write around what comes from asm statements. */
static bool read_mark(struct listing *listing, const char *at, const char *end)
{
	if (begins(at, end, "#APP") || begins(at, end, "//APP") ||
	    begins(at, end, "# Start of file scope inline assembly") ||
	    begins(at, end, "// Start of file scope inline assembly"))
		listing->by_hand = true;
	else if (begins(at, end, "#NO_APP") || begins(at, end, "//NO_APP") ||
	         begins(at, end, "# End of file scope inline assembly") ||
	         begins(at, end, "// End of file scope inline assembly"))
		listing->by_hand = false;
	return *at == '#' || begins(at, end, "//");
}

/* The end of a statement, or of the line up to its comment for SIGN NULL. */
static const char *find_end(const char *at, const char *end, const char *sign)
{
	bool quoted = false;

	for (; at < end; at++) {
		if (*at == '"' && (!quoted || at[-1] != '\\'))
			quoted = !quoted;
		if (!quoted && (sign ? begins(at, end, sign) : *at == ';'))
			break;
	}
	return at;
}

/* Goes to the next line that is more than a comment. False at the end. */
static bool next_line(struct listing *listing)
{
	while (listing->line_end < listing->end) {
		const char *at = listing->line_end;
		const char *end;

		if (*at == '\n')
			at++;
		end = memchr(at, '\n', (size_t)(listing->end - at));
		if (!end)
			end = listing->end;
		listing->line_end = end;
		at = skip_blanks(at, end);
		if (at == end || read_mark(listing, at, end))
			continue;
		listing->at = at;
		return true;
	}
	return false;
}

static const char *skip_labels(const char *at, const char *end)
{
	for (;;) {
		const char *label = at = skip_blanks(at, end);

		while (at < end && in_name(*at))
			at++;
		if (at == label || at == end || *at != ':')
			return label;
		at++;
	}
}

static void fill(const struct listing *listing, struct statement *statement,
                 const char *at, const char *end)
{
	size_t length = 0;

	while (end > at && blank(end[-1]))
		end--;
	statement->begin = at;
	statement->end = end;
	for (; at < end && length < STATEMENT_MAX - 1; at++) {
		if (!blank(*at))
			statement->text[length++] =
			        (char)tolower((unsigned char)*at);
		else if (!blank(at[1]))
			statement->text[length++] = ' ';
	}
	statement->text[length] = '\0';
	statement->by_hand = listing->by_hand;
	statement->line = listing->line;
	statement->file = file_name(listing, listing->file);
}

/* Returns whether it is one to tell of, or -ENOMEM. */
static int read_statement(struct listing *listing, struct statement *statement,
                          const char *at, const char *end)
{
	at = skip_labels(at, end);
	if (at == end)
		return 0;
	if (begins(at, end, ".file"))
		return read_file(listing, at + 5, end);
	if (begins(at, end, ".loc ") || begins(at, end, ".loc\t")) {
		read_loc(listing, at + 5, end);
		return 0;
	}
	if (*at == '.' && !listing->by_hand)
		return 0;
	fill(listing, statement, at, end);
	return 1;
}

int listing_next(struct listing *listing, struct statement *statement)
{
	int found = 0;

	while (found == 0) {
		const char *code_end, *end;

		if (listing->at >= listing->line_end && !next_line(listing))
			return 0;
		code_end =
		        find_end(listing->at, listing->line_end, comment_sign);
		end = find_end(listing->at, code_end, NULL);
		found = read_statement(listing, statement, listing->at, end);
		listing->at = end < code_end ? end + 1 : listing->line_end;
	}
	return found;
}

/* --- statements ----------------------------------------------------------- */

const char *statement_place(const struct statement *statement, char *text,
                            size_t size)
{
	if (statement->line > 0)
		(void)snprintf(text, size, "%s:%u", statement->file,
		               statement->line);
	else
		(void)snprintf(text, size, "%s", statement->file);
	return text;
}

bool statement_names(const struct statement *statement, const char *symbol)
{
	size_t length = strlen(symbol);
	const char *at = statement->begin;

	for (; (size_t)(statement->end - at) >= length; at++) {
		if (memcmp(at, symbol, length) == 0 &&
		    (at == statement->begin || !in_name(at[-1])) &&
		    (at + length == statement->end || !in_name(at[length])))
			return true;
	}
	return false;
}
