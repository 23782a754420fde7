#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/cmd/cmd.h"

int status_worse(int a, int b)
{
	/* What stands first hides what stands later. */
	static const int order[] = { STATUS_OUTPUT,    STATUS_WORKER,
		                     STATUS_RESOURCE,  STATUS_USAGE,
		                     STATUS_BUG,       STATUS_UNDECIDED,
		                     STATUS_IMPOSSIBLE };

	if (a > 128 || b > 128)
		return a > b ? a : b;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (a == order[i] || b == order[i])
			return order[i];
	}
	return STATUS_OK;
}

/* On as many lines of at most 80 columns as it takes, each set in by two. */
static void put_wrapped(FILE *out, const char *text)
{
	const size_t width = 78;

	while (*text) {
		size_t length = strlen(text);

		if (length > width) {
			length = width;
			while (length > 0 && text[length] != ' ')
				length--;
		}
		if (length == 0)
			length = strcspn(text, " "); /* one long word */
		(void)fprintf(out, "  %.*s\n", (int)length, text);
		text += length + strspn(text + length, " ");
	}
}

int say_complaint(const struct complaint *complaint, int status)
{
	(void)fflush(stdout);
	(void)fprintf(stderr, "racelab: %s: %s\n", complaint->what,
	              complaint->why);
	put_wrapped(stderr, complaint->cure);
	return status;
}

int say_refused(const struct complaint *complaint, int err)
{
	return say_complaint(complaint, err == -EOPNOTSUPP ? STATUS_IMPOSSIBLE
	                                                   : STATUS_USAGE);
}

int say_error(const char *what, int err, int status)
{
	struct complaint complaint = { 0 };

	complain(&complaint, what, "%s", strerror(-err));
	return say_complaint(&complaint, status);
}

int say_lost_output(int err)
{
	return err == -EPIPE ? STATUS_OUTPUT
	                     : say_error("standard output", err, STATUS_OUTPUT);
}

static bool ended;

int say_end(int status)
{
	ended = true;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	/* The reason may be long gone from errno: have it told once more. */
	if (write(STDOUT_FILENO, "\n", 1) >= 0)
		errno = EIO;
	return status_worse(status, say_lost_output(-errno));
}

void say_end_of_help(void)
{
	if (!ended && say_end(STATUS_OK) != STATUS_OK)
		_exit(STATUS_OUTPUT);
}

bool say_in_color(int fd)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

	return isatty(fd) && !(no && no[0]) && term &&
	       strcmp(term, "dumb") != 0;
}
