/* Reading a file of records into an archive, line by line. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/record/archive.h"

/* 4096 workers take 1 MB; a longer line is no record of ours. */
enum { LINE_MAX_BYTES = 16 << 20 };

/* Of a path, in a complaint that must have room for line and column, too. */
enum { PATH_SHOWN = 60 };

struct reader {
	const char *path;
	unsigned long line;
	struct archive *archive;
	struct complaint *complaint;
};

static int refuse(const struct reader *reader, int column, const char *why)
{
	char what[sizeof(reader->complaint->what)];
	size_t length = strlen(reader->path);
	bool cut = length > PATH_SHOWN;

	/* The end of a long path tells more than its beginning. */
	(void)snprintf(what, sizeof(what), "%s%s:%lu:%d", cut ? "..." : "",
	               reader->path + (cut ? length - PATH_SHOWN : 0),
	               reader->line, column);
	complain(reader->complaint, what, "%s", why);
	complain_cure(
	        reader->complaint,
	        "docs/records.md describes the format; remove the line to go "
	        "on without it");
	return -EINVAL;
}

/*
 * An append that was cut short, by a full disk or a crash, is the beginning of
 * a record: all is well up to its last byte.
 */
static bool is_torn(const char *line, size_t size, const json_error_t *error)
{
	return line[0] == '{' &&
	       (json_error_code(error) == json_error_premature_end_of_input ||
	        (size_t)error->position >= size);
}

static int read_line(const struct reader *reader, const char *line, size_t size)
{
	json_error_t error;
	json_t *record = json_loadb(line, size, JSON_REJECT_DUPLICATES, &error);
	struct complaint why = { 0 };
	int err;

	if (!record && is_torn(line, size, &error)) {
		reader->archive->torn++;
		return 0;
	}
	if (!record)
		return refuse(reader, error.column, error.text);
	err = archive_add(reader->archive, record, &why);
	json_decref(record);
	return err == -EINVAL ? refuse(reader, 1, why.why) : err;
}

/* getline would grow without a bound. Returns the length, 0 at the end. */
static size_t next_line(FILE *file, char *line)
{
	size_t size = 0;
	int c;

	while (size < LINE_MAX_BYTES && (c = getc_unlocked(file)) != EOF) {
		line[size++] = (char)c;
		if (c == '\n')
			break;
	}
	return size;
}

static int read_lines(struct reader *reader, FILE *file, char *line)
{
	int err = 0;
	size_t size;

	while (!err && (size = next_line(file, line)) > 0) {
		reader->line++;
		if (size == LINE_MAX_BYTES)
			return refuse(reader, LINE_MAX_BYTES,
			              "the line is longer than any record");
		/* The newline would end a half string as a control character */
		size -= line[size - 1] == '\n';
		line[size] = '\0';
		/* An empty line ends a half one. */
		if (strspn(line, " \t\r\n") < size)
			err = read_line(reader, line, size);
	}
	if (!err && ferror(file)) {
		err = -errno;
		complain(reader->complaint, reader->path, "%s",
		         strerror(errno));
	}
	return err;
}

int archive_read(struct archive *archive, const char *path,
                 struct complaint *complaint)
{
	struct reader reader = { .path = path,
		                 .archive = archive,
		                 .complaint = complaint };
	char *line = malloc(LINE_MAX_BYTES + 1);
	FILE *file = fopen(path, "re");
	int err = !file ? -errno : !line ? -ENOMEM : 0;

	complain(complaint, path, "%s", err ? strerror(-err) : "unreadable");
	if (!err)
		err = read_lines(&reader, file, line);
	if (err == -ENOMEM)
		complain(complaint, path, "%s", strerror(ENOMEM));
	if (file)
		(void)fclose(file); /* only read from */
	free(line);
	return err;
}
