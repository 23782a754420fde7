#include "harness/view/canvas.h"

#include <string.h>

static void put_character(struct canvas *canvas, size_t column,
                          const char *text, size_t bytes)
{
	if (column >= WORDS_COLUMNS || bytes >= sizeof(canvas->cell[0]))
		return;
	memcpy(canvas->cell[column], text, bytes);
	canvas->cell[column][bytes] = '\0';
}

const char *canvas_put(struct canvas *canvas, size_t column, size_t width,
                       const char *text, size_t *end)
{
	size_t length = words_fit(text, width);
	const char *stop = text + length;

	while (text < stop) {
		size_t bytes = 1;

		while (text + bytes < stop &&
		       words_columns(text, bytes + 1) == 1)
			bytes++;
		put_character(canvas, column++, text, bytes);
		text += bytes;
	}
	*end = column;
	return stop + strspn(stop, " ");
}

void canvas_fill(struct canvas *canvas, size_t from, size_t to,
                 const char *text)
{
	for (size_t column = from; column < to; column++)
		put_character(canvas, column, text, strlen(text));
}

void canvas_flush(struct canvas *canvas, FILE *out)
{
	size_t columns = WORDS_COLUMNS;

	while (columns > 0 && (canvas->cell[columns - 1][0] == '\0' ||
	                       canvas->cell[columns - 1][0] == ' '))
		columns--;
	for (size_t i = 0; i < columns; i++)
		(void)fputs(canvas->cell[i][0] ? canvas->cell[i] : " ", out);
	(void)fputc('\n', out);
	memset(canvas, 0, sizeof(*canvas));
}
