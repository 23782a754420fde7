/*
 * Files of JSON Lines, to which any number of processes may append at once: a
 * record is one line, and a line is one write(2) with O_APPEND.
 */
#ifndef HARNESS_RECORD_JSONL_H
#define HARNESS_RECORD_JSONL_H

#include <jansson.h>
#include <stdbool.h>

struct jsonl {
	int fd;    /* -1: closed */
	bool ours; /* to be closed by jsonl_close */
	bool torn; /* the file ends in half a line: begin with a newline */
};

/* Opens PATH for appending, creating it. Returns 0 or -errno. */
int jsonl_open(struct jsonl *file, const char *path);

/* Writes to an open descriptor instead, which jsonl_close leaves open. */
struct jsonl jsonl_to(int fd);

/*
 * Appends one record, which stays the caller's. Returns 0 or -errno; after a
 * write that was cut short the next one starts on a line of its own.
 */
int jsonl_append(struct jsonl *file, const json_t *record);

/* Returns 0, or -errno where what was written could not be kept. */
int jsonl_close(struct jsonl *file);

/* RECORD on one line with a newline, to be freed with free(); or NULL. */
char *jsonl_line(const json_t *record);

#endif
