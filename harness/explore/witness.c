#include "harness/explore/witness.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/explore/schedule.h"

enum { DIGEST = 8 /* hexadecimal digits */ };

/* --- writing */

static int put(char **at, size_t *left, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
static int put(char **at, size_t *left, const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = vsnprintf(*at, *left, format, list);
	va_end(list);
	if (length < 0 || (size_t)length >= *left)
		return -E2BIG;
	*at += length;
	*left -= (size_t)length;
	return 0;
}

static int put_compiler(char **at, size_t *left, const char *cc)
{
	char *from = *at;
	int err = put(at, left, ":cc=%s", cc);

	for (; !err && *from; from++) {
		if (*from == ' ')
			*from = ',';
	}
	return err;
}

int witness_write(const struct witness *witness, char *text, size_t size)
{
	const struct machine_spec *machine = &witness->machine;
	size_t length = strcspn(witness->schedule, ":");
	int err;

	err = put(&text, &size, "%s:w%u:k%llu:%s", witness->target,
	          machine->workers, (unsigned long long)machine->increments,
	          machine->memory == MEMORY_TSO ? "tso" : "sc");
	if (!err && machine->buffer != WITNESS_BUFFER &&
	    machine->memory == MEMORY_TSO)
		err = put(&text, &size, ":b%u", machine->buffer);
	if (!err && machine->spurious != WITNESS_SPURIOUS)
		err = put(&text, &size, ":s%u", machine->spurious);
	if (!err && witness->cc[0])
		err = put_compiler(&text, &size, witness->cc);
	if (!err)
		err = put(&text, &size, ":%.*s:%08x", (int)length,
		          witness->schedule, witness->digest);
	return err;
}

/* --- reading */

static int refuse(struct complaint *complaint, const char *why)
{
	complain(complaint, "witness", "%s", why);
	complain_cure(complaint,
	              "a witness is one word, as racelab explore prints it: "
	              "none:w2:k1:sc:AB*A*:01234567");
	return -EINVAL;
}

/* Where the target ends: before the last ":wN:". A file name may have colons. */
static const char *end_of_target(const char *text)
{
	const char *found = NULL;

	for (const char *at = strchr(text, ':'); at; at = strchr(at + 1, ':')) {
		const char *digit = at + 2;

		if (at[1] != 'w' || !isdigit((unsigned char)*digit))
			continue;
		while (isdigit((unsigned char)*digit))
			digit++;
		if (digit[0] == ':' && digit[1] == 'k')
			found = at;
	}
	return found;
}

/* Copies the field that begins behind AT's colon; returns where it ends. */
static const char *field_at(const char *at, char *field, size_t size)
{
	size_t length;

	at++;
	length = strcspn(at, ":");
	if (length >= size)
		length = size - 1;
	memcpy(field, at, length);
	field[length] = '\0';
	return at + strcspn(at, ":");
}

static int read_number(const char *field, char letter, uint64_t most,
                       uint64_t *value)
{
	return field[0] == letter ? text_number(field + 1, 0, most, value)
	                          : -EINVAL;
}

static int read_memory(const char *field, enum memory_model *memory)
{
	if (strcmp(field, "sc") == 0)
		*memory = MEMORY_SC;
	else if (strcmp(field, "tso") == 0)
		*memory = MEMORY_TSO;
	else
		return -EINVAL;
	return 0;
}

/* The fields that may be missing. Whether FIELD was one. */
static bool read_option(struct witness *witness, const char *field)
{
	uint64_t value;

	if (strncmp(field, "cc=", 3) == 0) {
		(void)snprintf(witness->cc, sizeof(witness->cc), "%s",
		               field + 3);
		for (char *at = witness->cc; *at; at++) {
			if (*at == ',')
				*at = ' ';
		}
		return true;
	}
	if (read_number(field, 'b', BUFFER_MAX, &value) == 0 && value > 0) {
		witness->machine.buffer = (unsigned)value;
		return true;
	}
	if (read_number(field, 's', 100, &value) == 0) {
		witness->machine.spurious = (unsigned)value;
		return true;
	}
	return false;
}

static bool is_schedule(const char *text)
{
	struct stretch stretch;
	int err;

	do
		err = schedule_next(&text, &stretch);
	while (err == 0);
	return err == -ENODATA;
}

static bool read_digest(const char *at, uint32_t *digest)
{
	if (*at != ':' || strlen(at + 1) != DIGEST ||
	    strspn(at + 1, "0123456789abcdef") != DIGEST)
		return false;
	*digest = (uint32_t)strtoul(at + 1, NULL, 16);
	return true;
}

/* The head: target, workers, increments, memory. Where it ends, or NULL. */
static const char *read_head(struct witness *witness, const char *text)
{
	const char *at = end_of_target(text);
	uint64_t workers, increments;
	char field[WITNESS_CC];

	if (!at || at == text || (size_t)(at - text) >= WITNESS_TARGET)
		return NULL;
	memcpy(witness->target, text, (size_t)(at - text));
	at = field_at(at, field, sizeof(field));
	if (read_number(field, 'w', MODEL_WORKERS, &workers) || workers == 0)
		return NULL;
	at = field_at(at, field, sizeof(field));
	if (*at != ':' || read_number(field, 'k', UINT32_MAX, &increments))
		return NULL;
	at = field_at(at, field, sizeof(field));
	if (read_memory(field, &witness->machine.memory))
		return NULL;
	witness->machine.workers = (unsigned)workers;
	witness->machine.increments = increments;
	return at;
}

int witness_read(struct witness *witness, const char *text,
                 struct complaint *complaint)
{
	char field[WITNESS_CC];
	const char *at;

	*witness = (struct witness){
		.machine = { .buffer = WITNESS_BUFFER,
		             .spurious = WITNESS_SPURIOUS },
	};
	at = read_head(witness, text);
	if (!at)
		return refuse(complaint, "it does not begin with a target, "
		                         "workers, increments, and a memory "
		                         "model");
	while (*at == ':' && strchr(at + 1, ':')) {
		const char *behind = field_at(at, field, sizeof(field));

		if (!read_option(witness, field))
			break;
		at = behind;
	}
	if (*at != ':' || !is_schedule(at + 1))
		return refuse(complaint, "there is no schedule in it");
	witness->schedule = at + 1;
	at = at + 1 + strcspn(at + 1, ":");
	if (!read_digest(at, &witness->digest))
		return refuse(complaint, "it does not end with a digest of "
		                         "eight hexadecimal digits: a part "
		                         "of it is missing");
	return 0;
}
