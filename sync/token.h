/*
 * A token that is passed through a descriptor: whoever has read it is inside,
 * and writes it back. Reading waits in the kernel while somebody else has it.
 *
 * One token is there, so a write finds room and never waits. Both calls are
 * begun again after a signal: whether the kernel does so by itself depends on how
 * the handler was installed (signal(7), SA_RESTART).
 */
#ifndef SYNC_TOKEN_H
#define SYNC_TOKEN_H

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

/*
 * Reads a token of SIZE bytes into TOKEN. Returns 0 or -errno; -EPIPE for an end
 * of file: nobody is left who could give it back.
 */
static inline int token_take(int fd, void *token, size_t size)
{
	ssize_t got;

	do
		got = read(fd, token, size);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	return (size_t)got == size ? 0 : -EPIPE;
}

/* Writes it. Returns 0 or -errno. At most PIPE_BUF bytes are never divided. */
static inline int token_give(int fd, const void *token, size_t size)
{
	ssize_t put;

	do
		put = write(fd, token, size);
	while (put < 0 && errno == EINTR);
	if (put < 0)
		return -errno;
	return (size_t)put == size ? 0 : -EIO;
}

#endif
