/* A pipe: bytes in order, from one end to the other, through the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "harness/ipc/channels.h"
#include "harness/ipc/stream.h"

static int make_pipe(struct ipc_way *way)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	way->in = ends[0];
	way->out = ends[1];
	way->open = true;
	return 0;
}

const struct ipc_channel ipc_pipe = {
	.name = "pipe",
	.summary = "pipe: a stream of bytes between relatives",
	.source = "pipe(7)",
	.init = make_pipe,
	.attach = stream_attach,
	.send = stream_send,
	.receive = stream_receive,
	.destroy = stream_destroy,
};
