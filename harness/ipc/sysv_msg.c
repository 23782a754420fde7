/*
 * A System V message queue: messages with a type, taken by type. It outlives
 * every process that used it, and cannot be removed early: the next operation
 * on it would fail with EIDRM. So destroy removes it, which the janitor calls
 * too.
 *
 * A message begins with its type, in the memory of who sends it: a piece from
 * the middle of a buffer has to be copied first.
 */
#include <errno.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#include "harness/ipc/channels.h"
#include "sync/sysv.h"

enum {
	MESSAGE_TYPE = 1,
	/* Two of them, with their types, are in the way's memory. */
	PIECE_MAX = 16384,
};

struct envelope {
	long type;
	char text[PIECE_MAX];
};

struct desk {
	struct sysv_queue queue; /* with the mark that gc recognizes */
	struct envelope out, in;
};

_Static_assert(sizeof(struct desk) <= IPC_SHARED, "a way's memory holds it");

static int make_queue(struct ipc_way *way)
{
	struct desk *desk = way->shared;
	struct msginfo limits;
	int err = sysv_queue_make(&desk->queue);

	if (err)
		return err;
	/* The largest message, and what a queue holds; the mark is in there. */
	if (msgctl(0, IPC_INFO, (struct msqid_ds *)(void *)&limits) < 0)
		return -errno;
	if (limits.msgmnb <= (int)sizeof(struct maker))
		return -EOPNOTSUPP;
	way->piece = ipc_smaller((size_t)limits.msgmax,
	                         (size_t)limits.msgmnb - sizeof(struct maker));
	way->piece = ipc_smaller(way->piece, PIECE_MAX);
	return 0;
}

static int send_pieces(const struct ipc_way *way, const void *buffer,
                       size_t bytes)
{
	struct desk *desk = way->shared;
	struct envelope *envelope = &desk->out;
	const char *from = buffer;

	envelope->type = MESSAGE_TYPE;
	while (bytes > 0) {
		size_t piece = ipc_smaller(bytes, way->piece);

		memcpy(envelope->text, from, piece);
		/* msgsnd is never restarted after a signal. */
		while (msgsnd(desk->queue.id, envelope, piece, 0) < 0) {
			if (errno != EINTR)
				return -errno;
		}
		from += piece;
		bytes -= piece;
	}
	return 0;
}

static int receive_pieces(const struct ipc_way *way, void *buffer, size_t bytes)
{
	struct desk *desk = way->shared;
	struct envelope *envelope = &desk->in;
	char *to = buffer;

	while (bytes > 0) {
		size_t piece = ipc_smaller(bytes, way->piece);
		ssize_t got;

		do
			got = msgrcv(desk->queue.id, envelope, PIECE_MAX,
			             MESSAGE_TYPE, 0);
		while (got < 0 && errno == EINTR);
		if (got < 0)
			return -errno;
		if ((size_t)got != piece)
			return -EBADMSG;
		memcpy(to, envelope->text, piece);
		to += piece;
		bytes -= piece;
	}
	return 0;
}

/* Of a way that was never begun there is no memory. */
static void remove_queue(struct ipc_way *way)
{
	struct desk *desk = way->shared;

	if (desk)
		sysv_queue_remove(&desk->queue);
}

const struct ipc_channel ipc_sysv_msg = {
	.name = "sysv_msg",
	.summary = "System V queue: messages that are taken by type",
	.source = "sysvipc(7), msgop(2)",
	.init = make_queue,
	.send = send_pieces,
	.receive = receive_pieces,
	.destroy = remove_queue,
};
