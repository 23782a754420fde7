#include "harness/view/words.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* --- one character */

/* The bytes that a character with this first byte has; 0: it cannot be one. */
static size_t length_of(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* Whether a code point of that many bytes is one, and can be printed. */
static bool is_printable(uint32_t code, size_t length)
{
	static const uint32_t least[] = { 0, ' ', 0xa0, 0x800, 0x10000 };

	return code >= least[length] && code <= 0x10ffff && code != 0x7f &&
	       (code < 0xd800 || code > 0xdfff);
}

/* The bytes of the printable character at TEXT; 0: there is none. */
static size_t character(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;
	size_t length = length_of(byte[0]);
	uint32_t code = byte[0];

	if (length > 1)
		code &= 0x7fu >> length;
	for (size_t i = 1; i < length; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (byte[i] & 0x3f);
	}
	return length && is_printable(code, length) ? length : 0;
}

/* --- texts */

char *words_copy(char *to, size_t size, const char *from)
{
	size_t used = 0;

	while (*from) {
		size_t length = character(from), bytes = length ? length : 1;

		if (used + bytes + 1 > size)
			break;
		if (length)
			memcpy(to + used, from, length);
		else
			to[used] = '?';
		used += bytes;
		from += bytes;
	}
	to[used] = '\0';
	return to;
}

static bool begins_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t words_columns(const char *text, size_t bytes)
{
	size_t columns = 0;

	for (size_t i = 0; i < bytes; i++)
		columns += begins_character(text[i]);
	return columns;
}

size_t words_width(const char *text)
{
	return words_columns(text, strlen(text));
}

size_t words_fit(const char *text, size_t width)
{
	size_t bytes = 0, columns = 0, blank = 0;

	for (; text[bytes]; bytes++) {
		if (begins_character(text[bytes]) && columns++ == width)
			break;
		if (text[bytes] == ' ')
			blank = bytes;
	}
	if (!text[bytes] || text[bytes] == ' ')
		return bytes;
	return blank ? blank : bytes;
}

void words_put(FILE *out, const char *text, size_t indent)
{
	do {
		size_t bytes = words_fit(text, WORDS_COLUMNS - indent);

		(void)fprintf(out, "%.*s\n", (int)bytes, text);
		text += bytes + strspn(text + bytes, " ");
		if (*text)
			(void)fprintf(out, "%*s", (int)indent, "");
	} while (*text);
}

/* --- pens */

void pen_open(struct pen *pen, bool color)
{
	*pen = (struct pen){ .color = color };
	pen->out = open_memstream(&pen->text, &pen->size);
}

void pen_color(const struct pen *pen, const char *color)
{
	if (pen->color)
		(void)fprintf(pen->out, "\033[%sm", color ? color : "0");
}

char *pen_close(struct pen *pen)
{
	if (!pen->out)
		return NULL;
	if (fclose(pen->out) == 0)
		return pen->text;
	free(pen->text);
	return NULL;
}
