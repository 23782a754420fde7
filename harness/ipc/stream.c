#include "harness/ipc/stream.h"

#include <errno.h>
#include <unistd.h>

/*
 * Whoever keeps the end that it does not use would wait forever for the end of
 * file of a peer that died: it would be its own peer.
 */
int stream_attach(const struct ipc_way *way, enum ipc_side side)
{
	return close(side == IPC_SENDER ? way->in : way->out) < 0 ? -errno : 0;
}

int stream_send(const struct ipc_way *way, const void *buffer, size_t bytes)
{
	const char *from = buffer;

	while (bytes > 0) {
		ssize_t sent = write(way->out, from, bytes);

		if (sent < 0 && errno != EINTR)
			return -errno;
		if (sent > 0) {
			from += sent;
			bytes -= (size_t)sent;
		}
	}
	return 0;
}

int stream_receive(const struct ipc_way *way, void *buffer, size_t bytes)
{
	char *to = buffer;

	while (bytes > 0) {
		ssize_t got = read(way->in, to, bytes);

		if (got == 0)
			return -EPIPE;
		if (got < 0 && errno != EINTR)
			return -errno;
		if (got > 0) {
			to += got;
			bytes -= (size_t)got;
		}
	}
	return 0;
}

void stream_destroy(struct ipc_way *way)
{
	if (!way->open)
		return;
	way->open = false;
	/* Nothing was written that close could still fail to keep. */
	(void)close(way->in);
	(void)close(way->out);
}
