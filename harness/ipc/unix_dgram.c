/*
 * A pair of connected Unix sockets that keep messages apart. Between processes
 * of one machine none is lost or overtaken, and a full queue makes the sender
 * wait: unlike datagrams of a network.
 */
#include <errno.h>
#include <sys/socket.h>

#include "harness/ipc/channels.h"
#include "harness/ipc/stream.h"

/*
 * A message must fit into the sender's buffer, with what the kernel keeps in
 * there beside it: it counts for that by doubling what is asked for, socket(7).
 */
static int make_pair(struct ipc_way *way)
{
	int ends[2], room;
	socklen_t size = sizeof(room);

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	way->in = ends[0];
	way->out = ends[1];
	way->open = true;
	if (getsockopt(way->out, SOL_SOCKET, SO_SNDBUF, &room, &size) < 0)
		return -errno;
	way->piece = ipc_smaller((size_t)room / 2, IPC_PIECE_MAX);
	return 0;
}

static int send_pieces(const struct ipc_way *way, const void *buffer,
                       size_t bytes)
{
	const char *from = buffer;

	while (bytes > 0) {
		size_t piece = ipc_smaller(bytes, way->piece);

		/* Whole or not at all. */
		if (send(way->out, from, piece, MSG_NOSIGNAL) >= 0) {
			from += piece;
			bytes -= piece;
		} else if (errno != EINTR) {
			return errno == ECONNREFUSED ? -EPIPE : -errno;
		}
	}
	return 0;
}

static int receive_pieces(const struct ipc_way *way, void *buffer, size_t bytes)
{
	char *to = buffer;

	while (bytes > 0) {
		size_t piece = ipc_smaller(bytes, way->piece);
		/* One byte more, to see that a piece is not too long. */
		ssize_t got = recv(way->in, to, piece + 1, 0);

		if (got < 0 && errno != EINTR)
			return -errno;
		if (got >= 0 && (size_t)got != piece)
			return -EBADMSG;
		if (got > 0) {
			to += piece;
			bytes -= piece;
		}
	}
	return 0;
}

const struct ipc_channel ipc_unix_dgram = {
	.name = "unix_dgram",
	.summary = "Unix socket, datagrams: whole messages, in order",
	.source = "unix(7), socketpair(2)",
	.init = make_pair,
	.attach = stream_attach,
	.send = send_pieces,
	.receive = receive_pieces,
	.destroy = stream_destroy,
};
