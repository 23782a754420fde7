/* A pair of connected Unix sockets: a stream of bytes, as a pipe. */
#include <errno.h>
#include <sys/socket.h>

#include "harness/ipc/channels.h"
#include "harness/ipc/stream.h"

static int make_pair(struct ipc_way *way)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	way->in = ends[0];
	way->out = ends[1];
	way->open = true;
	return 0;
}

const struct ipc_channel ipc_unix_stream = {
	.name = "unix_stream",
	.summary = "Unix socket, stream: bytes both ways, to any process",
	.source = "unix(7), socketpair(2)",
	.init = make_pair,
	.attach = stream_attach,
	.send = stream_send,
	.receive = stream_receive,
	.destroy = stream_destroy,
};
