#include "harness/record/jsonl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether the last byte of the file is something else than a newline. */
static bool ends_torn(const char *path)
{
	char last = '\n';
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	off_t size;

	if (fd < 0)
		return false; /* write-only for us: then we cannot know */
	size = lseek(fd, 0, SEEK_END);
	if (size > 0 && pread(fd, &last, 1, size - 1) != 1)
		last = '\n';
	(void)close(fd); /* only read from */
	return last != '\n';
}

int jsonl_open(struct jsonl *file, const char *path)
{
	file->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (file->fd < 0)
		return -errno;
	file->ours = true;
	file->torn = ends_torn(path);
	return 0;
}

struct jsonl jsonl_to(int fd)
{
	return (struct jsonl){ .fd = fd };
}

char *jsonl_line(const json_t *record)
{
	/* Nine digits: what was measured has fewer, and 0.1 stays 0.1. */
	size_t flags = JSON_COMPACT | JSON_REAL_PRECISION(9);
	size_t size = json_dumpb(record, NULL, 0, flags);
	char *line = size ? malloc(size + 2) : NULL;

	if (!line)
		return NULL;
	(void)json_dumpb(record, line, size, flags);
	memcpy(line + size, "\n", 2);
	return line;
}

/* One write. A file system may still take only a part, when it is full. */
static int write_once(struct jsonl *file, const char *text)
{
	size_t length = strlen(text);
	ssize_t written;

	do
		written = write(file->fd, text, length);
	while (written < 0 && errno == EINTR);
	if (written < 0)
		return -errno;
	file->torn = (size_t)written < length;
	return file->torn ? -ENOSPC : 0;
}

int jsonl_append(struct jsonl *file, const json_t *record)
{
	char *line = jsonl_line(record);
	int err;

	if (!line)
		return -ENOMEM;
	if (file->torn) {
		/* One byte longer, so that this too is a single write. */
		size_t length = strlen(line);
		char *longer = realloc(line, length + 2);

		if (!longer) {
			free(line);
			return -ENOMEM;
		}
		(void)memmove(longer + 1, longer, length + 1);
		line = longer;
		line[0] = '\n';
	}
	err = write_once(file, line);
	free(line);
	return err;
}

int jsonl_close(struct jsonl *file)
{
	int fd = file->fd;

	file->fd = -1;
	/* Never twice, also after EINTR: on Linux the descriptor is gone. */
	if (fd < 0 || !file->ours || close(fd) == 0 || errno == EINTR)
		return 0;
	return -errno;
}
