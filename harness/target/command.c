#include "harness/target/command.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/capture.h"

/*
 * A file that takes gcc a minute is not one to be explored. An include of
 * /dev/zero fills any memory; an honest file is content with a quarter of this.
 */
static const struct capture_limits limits = { 60, UINT64_C(2) << 30 };

enum { SAID_MAX = 1 << 13 };

void command_add(struct command *command, const char *word)
{
	if (command->count < COMMAND_WORDS_MAX)
		command->words[command->count] = word;
	command->count++;
}

void command_add_all(struct command *command, const char *const *words)
{
	for (; *words; words++)
		command_add(command, *words);
}

/* --- "dir/counter.c:12:7: error: expected ';'" ----------------------------- */

/* Where the first error's message begins, and its line; or the first line. */
static const char *find_error(const char *said, const char **line)
{
	static const char mark[] = "error: ";
	const char *error = strstr(said, mark);

	*line = said;
	if (!error)
		return said;
	for (const char *at = said; at < error; at++) {
		if (*at == '\n')
			*line = at + 1;
	}
	return error + strlen(mark);
}

/* Cuts ":7" off the end of "counter.c:12:7", but leaves one number there. */
static size_t without_column(const char *place, size_t length)
{
	size_t line_end = length, at;

	while (line_end > 0 && isdigit((unsigned char)place[line_end - 1]))
		line_end--;
	if (line_end == length || line_end == 0 || place[line_end - 1] != ':')
		return length;
	at = --line_end;
	while (at > 0 && isdigit((unsigned char)place[at - 1]))
		at--;
	return at < line_end && at > 0 && place[at - 1] == ':' ? line_end
	                                                       : length;
}

/* The base name of what stands before ": error: " or ": fatal error: ". */
static void read_place(const char *line, const char *message, char *place,
                       size_t size)
{
	const char *end = message;
	const char *begin;

	for (const char *at = line; at < message; at++) {
		if (strncmp(at, ": error: ", 9) == 0 ||
		    strncmp(at, ": fatal error: ", 15) == 0) {
			end = at;
			break;
		}
	}
	begin = end;
	while (begin > line && begin[-1] != '/')
		begin--;
	(void)snprintf(place, size, "%.*s",
	               (int)without_column(begin, (size_t)(end - begin)),
	               begin);
}

static void say_first_error(const char *program, const char *said, int status,
                            struct complaint *complaint)
{
	const char *line;
	const char *message = find_error(said, &line);
	char place[sizeof(complaint->what)] = "";

	read_place(line, message, place, sizeof(place));
	complain(complaint, place[0] ? place : program, "%.*s",
	         (int)strcspn(message, "\n"), message);
	if (!complaint->why[0])
		complain(complaint, program, "it ended with status %d", status);
}

/* --------------------------------------------------------------------------- */

static int say_failure(const char *program, int err,
                       struct complaint *complaint)
{
	if (err == -ENOENT) {
		complain(complaint, program, "there is no such program");
		complain_cure(complaint,
		              "targets need a C compiler and binutils here");
	} else if (err == -ETIMEDOUT) {
		complain(complaint, program, "it took more than %u seconds",
		         limits.seconds);
	} else {
		complain(complaint, program, "it cannot be run: %s",
		         strerror(-err));
	}
	return err;
}

int command_run(const struct command *command, char *said, size_t size,
                struct complaint *complaint)
{
	const char *const *words = command->words;
	char room[SAID_MAX];
	int status;

	if (command->count >= COMMAND_WORDS_MAX || command->count == 0)
		return say_failure("compiler", -E2BIG, complaint);
	status = capture_run(words, &limits, said ? said : room,
	                     said ? size : sizeof(room));
	if (status < 0)
		return say_failure(words[0], status, complaint);
	if (status > 0)
		say_first_error(words[0], said ? said : room, status,
		                complaint);
	return status ? -EINVAL : 0;
}
