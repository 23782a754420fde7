/*
 * A POSIX message queue: whole messages, the most urgent first. Its name is
 * unlinked at once: a descriptor is enough for relatives, and the queue goes
 * with the last of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "harness/base/random.h"
#include "harness/base/text.h"
#include "harness/ipc/channels.h"

enum {
	/* Where the kernel does not tell: mq_overview(7). */
	MESSAGE_BYTES = 8192,
	MESSAGES = 10,
	URGENCY = 0, /* all the same: first come, first served */
};

static size_t limit(const char *path, size_t otherwise)
{
	char line[32];
	uint64_t value;

	if (text_first_line(path, line, sizeof(line)) == 0 &&
	    text_number(line, 1, INT32_MAX, &value) == 0)
		return (size_t)value;
	return otherwise;
}

static void remove_name(struct ipc_way *way)
{
	if (way->path[0])
		(void)mq_unlink(way->path); /* it may not have been made */
	way->path[0] = '\0';
}

static int make_queue(struct ipc_way *way)
{
	struct mq_attr attributes = { 0 };
	size_t largest =
	        limit("/proc/sys/fs/mqueue/msgsize_max", MESSAGE_BYTES);
	size_t most = limit("/proc/sys/fs/mqueue/msg_max", MESSAGES);
	int err = 0;

	/* No larger than a message: it is counted against RLIMIT_MSGQUEUE. */
	way->piece =
	        ipc_smaller(ipc_smaller(largest, way->bytes), IPC_PIECE_MAX);
	attributes.mq_msgsize = (long)way->piece;
	attributes.mq_maxmsg = (long)ipc_smaller(most, MESSAGES);
	(void)snprintf(way->path, IPC_PATH, "/racelab-%ld-%llx", (long)getpid(),
	               (unsigned long long)random_seed());
	way->in = mq_open(way->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
	                  0600, &attributes);
	if (way->in < 0)
		err = -errno;
	else
		way->open = true;
	remove_name(way);
	return err;
}

static int send_pieces(const struct ipc_way *way, const void *buffer,
                       size_t bytes)
{
	const char *from = buffer;

	while (bytes > 0) {
		size_t piece = ipc_smaller(bytes, way->piece);

		if (mq_send(way->in, from, piece, URGENCY) == 0) {
			from += piece;
			bytes -= piece;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

/* There must be room for the largest message, whatever comes. */
static int receive_pieces(const struct ipc_way *way, void *buffer, size_t bytes)
{
	char *to = buffer;

	while (bytes > 0) {
		size_t piece = ipc_smaller(bytes, way->piece);
		ssize_t got = mq_receive(way->in, to, way->piece, NULL);

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

static void destroy_queue(struct ipc_way *way)
{
	remove_name(way);
	if (way->open)
		(void)mq_close(way->in);
	way->open = false;
}

const struct ipc_channel ipc_posix_mq = {
	.name = "posix_mq",
	.summary = "POSIX queue: messages, the most urgent first",
	.source = "mq_overview(7)",
	.init = make_queue,
	.send = send_pieces,
	.receive = receive_pieces,
	.destroy = destroy_queue,
};
