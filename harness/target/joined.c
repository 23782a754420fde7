#include "harness/target/joined.h"

#include <stdio.h>
#include <string.h>

/* What loads and stores its operand in memory. */
static const char *const both[] = { "and", "or",  "xor", "add", "sub", "inc",
	                            "dec", "not", "neg", "shl", "shr", "sar",
	                            "sal", "rol", "ror", "bts", "btr", "btc" };

/* What only looks at it, although it stands last. */
static const char *const neither[] = { "cmp", "test", "bt", "push" };

static bool begins_with_any(const char *text, const char *const *names,
                            size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strncmp(text, names[i], strlen(names[i])) == 0)
			return true;
	}
	return false;
}

/*
 * Copies the operand in memory, as "4(%rbx)". False where there is none, or it is
 * on the stack or a variable of the file's own, which nobody else sees.
 */
static bool memory_operand(const char *text, char *operand, size_t size)
{
	const char *open = strchr(text, '('), *begin = open, *end;

	if (!open)
		return false;
	end = strchr(open, ')');
	if (!end || strncmp(open, "(%rsp", 5) == 0 ||
	    strncmp(open, "(%rip", 5) == 0)
		return false;
	while (begin > text && begin[-1] != ' ' && begin[-1] != ',')
		begin--;
	(void)snprintf(operand, size, "%.*s", (int)(end + 1 - begin), begin);
	return true;
}

/* A hook begins a stretch, and whatever goes elsewhere ends it. */
static bool bounds_stretch(struct joined *joined, const char *text)
{
	if (strncmp(text, "call", 4) != 0 && text[0] != 'j' &&
	    strncmp(text, "ret", 3) != 0)
		return false;
	joined->count = 0;
	joined->after_store_hook =
	        strstr(text, "__tsan_") && strstr(text, "write");
	return true;
}

static bool was_loaded(const struct joined *joined, const char *operand)
{
	for (unsigned i = 0; i < joined->count; i++) {
		if (strcmp(joined->loads[i], operand) == 0)
			return true;
	}
	return false;
}

static void note_load(struct joined *joined, const char *operand)
{
	if (joined->count < JOINED_LOADS)
		(void)snprintf(joined->loads[joined->count++],
		               sizeof(joined->loads[0]), "%s", operand);
}

bool joined_next(struct joined *joined, const struct statement *statement)
{
	const char *text = statement->text;
	char operand[64];
	bool last;

	if (bounds_stretch(joined, text) || !joined->after_store_hook ||
	    strncmp(text, "lea", 3) == 0 ||
	    !memory_operand(text, operand, sizeof(operand)))
		return false;
	last = text[strlen(text) - 1] == ')';
	if (!last || begins_with_any(text, neither,
	                             sizeof(neither) / sizeof(*neither))) {
		note_load(joined, operand);
		return false;
	}
	return begins_with_any(text, both, sizeof(both) / sizeof(*both)) ||
	       was_loaded(joined, operand);
}
