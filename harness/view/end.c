#include "harness/view/end.h"

#include <string.h>

static const struct {
	const char *words, *headline, *color;
} ends[] = {
	[VERDICT_EXACT] = { "exact", "EXACT", "1;32" },
	[VERDICT_CRASH] = { "crash", "CRASH", "1;31" },
	[VERDICT_VIOLATES] = { "violation", "VIOLATION", "1;31" },
	[VERDICT_LOST_UPDATE] = { "lost update", "LOST UPDATE", "1;31" },
	[VERDICT_DEADLOCK] = { "deadlock", "DEADLOCK", "1;31" },
	[VERDICT_LIVELOCK] = { "livelock", "LIVELOCK", "1;31" },
	[VERDICT_UNFINISHED] = { "unfinished", "UNFINISHED", "1;33" },
};

const char *end_words(enum verdict_kind kind)
{
	return ends[kind].words;
}

const char *end_color(enum verdict_kind kind)
{
	return ends[kind].color;
}

/* "A waits for B; B waits for A": each on a line of its own. */
static void put_parts(const struct pen *pen, char *message)
{
	while (*message) {
		char *end = strstr(message, "; ");
		char *next = end ? end + 2 : message + strlen(message);

		if (end)
			*end = '\0';
		(void)fputs("  ", pen->out);
		words_put(pen->out, message, 2);
		message = next;
	}
}

/* What the headline says; NULL: the message stands below it, part by part. */
static const char *say(enum verdict_kind kind, const char *message)
{
	switch (kind) {
	case VERDICT_DEADLOCK:
	case VERDICT_LIVELOCK:
		return NULL;
	case VERDICT_EXACT:
	case VERDICT_CRASH:
	case VERDICT_VIOLATES:
	case VERDICT_LOST_UPDATE:
	case VERDICT_UNFINISHED:
		break;
	}
	return message[0] ? message : "the reason is not known";
}

void end_put(const struct pen *pen, const struct verdict_names *names,
             enum verdict_kind kind, const char *message, size_t pc,
             const char *fine)
{
	char copy[sizeof(((struct verdict *)NULL)->message)];
	char line[NAMES_TEXT];
	const char *text;

	text = say(kind, words_copy(copy, sizeof(copy), message));
	pen_color(pen, ends[kind].color);
	(void)fprintf(pen->out, "%s", ends[kind].headline);
	pen_color(pen, NULL);
	if (kind == VERDICT_EXACT) {
		words_put(pen->out, fine, strlen(ends[kind].headline));
	} else if (text) {
		(void)fputs(": ", pen->out);
		words_put(pen->out, text, strlen(ends[kind].headline) + 2);
	} else {
		(void)fputs(kind == VERDICT_DEADLOCK
		                    ? ": nobody can go on\n"
		                    : ": it goes on for ever and gets "
		                      "nowhere\n",
		            pen->out);
		put_parts(pen, copy);
	}
	if (pc && strcmp(names_line(names, pc, line), "?") != 0) {
		(void)fputs("  at ", pen->out);
		words_put(pen->out, line, 5);
	}
}
