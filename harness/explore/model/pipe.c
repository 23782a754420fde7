/*
 * pipe(2), pipe2(2), and socketpair(2) of AF_UNIX: channels that go one way, one
 * for a pipe, two for a pair of sockets.
 *
 * A read waits while a channel is empty and somebody could still write: any living
 * worker that has a descriptor of the other end, itself included, or the parent,
 * which closes none of its own while the workers run. Streams have no messages, so
 * that a read takes what it gets; datagrams and SOCK_SEQPACKET have, and what a
 * read has no room for is lost.
 *
 * A write to what nobody reads is EPIPE. SIGPIPE, which the kernel sends as well
 * and which by default ends the process, is not modelled: this is what a process
 * sees that ignores it.
 *
 * A real pipe is full at 64 KiB, a socket at about 200 KiB (pipe(7), socket(7)),
 * which no exploration reaches with writes of 64 bytes. So writes never wait: 760
 * bytes fit in a channel, 6 of them for each message, and what does not fit leaves
 * the verdict unfinished, for to wait there would be a deadlock that does not
 * exist.
 *
 * Bound: 32 channels at a time.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/explore/model/fd.h"
#include "harness/explore/model/queue.h"

enum { CHANNELS = 32 };

/* All zero is free. */
struct channel {
	uint8_t type; /* SOCK_STREAM for pipes, SOCK_DGRAM, SOCK_SEQPACKET */
	bool socket;
	bool readable; /* somebody has that end open */
	bool writable;
	bool reset;  /* the other end was closed with unread data */
	bool orphan; /* a datagram was refused, and its peer forgotten */
	struct queue queue;
};

static struct channel *channel_at(struct model *model, unsigned number)
{
	return model_find_numbered(model, MODEL_PIPE, number);
}

/* --- making them */

/* The number of a new one, or CHANNELS. */
static unsigned make_channel(struct model *model, uint8_t type, bool socket)
{
	for (unsigned i = 0; i < CHANNELS; i++) {
		struct channel *channel =
		        model_numbered(model, MODEL_PIPE, i, sizeof(*channel));

		if (channel->type != 0)
			continue;
		channel->type = type;
		channel->socket = socket;
		channel->readable = true;
		channel->writable = true;
		return i;
	}
	return CHANNELS;
}

static uint8_t options(int flags)
{
	return flags & O_NONBLOCK ? FD_NONBLOCK : 0;
}

/* Two descriptors, in DATA as two ints. */
static int64_t open_both(struct model *model, unsigned worker, struct op *op,
                         const struct description ends[2])
{
	int flags = op->args[0] & O_CLOEXEC ? FD_CLOEXEC : 0;
	int fds[2];

	for (int i = 0; i < 2; i++) {
		int64_t fd = NOT_MODELLED;

		if (ends[i].object < CHANNELS && ends[i].other < CHANNELS)
			fd = fd_open(model, worker, &ends[i], flags);
		if (fd < 0)
			return fd;
		fds[i] = (int)fd;
	}
	memcpy(op->data, fds, sizeof(fds));
	return 0;
}

static void pipe_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	uint8_t more = options((int)op->args[0]);
	uint8_t channel = (uint8_t)make_channel(model, SOCK_STREAM, false);
	struct description ends[2] = {
		{ .kind = FD_PIPE, .mode = FD_READS | more },
		{ .kind = FD_PIPE, .mode = FD_WRITES | more },
	};

	(void)way;
	ends[0].object = channel;
	ends[1].other = channel;
	op->result = open_both(model, worker, op, ends);
}

static void socketpair_go(struct model *model, unsigned worker, struct op *op,
                          unsigned way)
{
	uint8_t mode = FD_READS | FD_WRITES | options((int)op->args[0]);
	uint8_t type = (uint8_t)op->args[1];
	uint8_t there = (uint8_t)make_channel(model, type, true);
	uint8_t back = (uint8_t)make_channel(model, type, true);
	struct description ends[2] = {
		{ FD_PIPE, mode, .object = there, .other = back },
		{ FD_PIPE, mode, .object = back, .other = there },
	};

	(void)way;
	op->result = open_both(model, worker, op, ends);
}

/* --- reading */

static bool can_read(struct model *model, const struct description *from,
                     const struct op *op)
{
	const struct channel *channel = channel_at(model, from->object);

	if (op->args[FD_COUNT] == 0 || channel->queue.used > 0 ||
	    channel->reset)
		return true;
	return !channel->writable && channel->type != SOCK_DGRAM;
}

static int64_t read_message(struct queue *queue, struct op *op)
{
	struct queue_head head;
	size_t size = op->args[FD_COUNT];
	size_t place = 0;

	if (!queue_next(queue, &place, &head))
		return 0;
	if (size > head.size)
		size = head.size;
	queue_take(queue, 0, op->data, size);
	return (int64_t)size;
}

static int64_t read_stream(struct queue *queue, struct op *op)
{
	size_t size = op->args[FD_COUNT];

	if (size > queue->used)
		size = queue->used;
	if (size > OP_DATA)
		return NOT_MODELLED;
	queue_take_bytes(queue, op->data, size);
	return (int64_t)size;
}

static int64_t read_channel(struct model *model, struct description *from,
                            struct op *op)
{
	struct channel *channel = channel_at(model, from->object);
	bool stream = channel->type == SOCK_STREAM;

	if (op->args[FD_COUNT] == 0)
		return 0;
	/* A stream gives what it has before the error, packets do not. */
	if (channel->reset && (!stream || channel->queue.used == 0)) {
		channel->reset = false;
		return -ECONNRESET;
	}
	return stream ? read_stream(&channel->queue, op)
	              : read_message(&channel->queue, op);
}

/* Whether somebody else than WORKER could write, or end, what it reads. */
struct others {
	unsigned worker;
	unsigned channel;
	struct model *model;
	bool found;
};

static void look_for_writer(struct description *what, unsigned number,
                            void *argument)
{
	struct others *others = argument;

	if (what->kind == FD_PIPE && (what->mode & FD_WRITES) &&
	    what->other == others->channel &&
	    (fd_holders(others->model, number) & ~(1u << others->worker)))
		others->found = true;
}

static const char *hopeless(struct model *model, unsigned worker,
                            const struct description *what, bool writes)
{
	struct others others = { worker, what->object, model, false };

	if (writes)
		return NULL;
	fd_each(model, look_for_writer, &others);
	return others.found ? NULL
	                    : "nobody else has the other end open, and the "
	                      "end of file will not come: the worker itself or "
	                      "the parent still could write";
}

/* --- writing */

/* A datagram socket that finds its peer gone forgets it, and what that one sent:
 * unix_dgram_disconnected() in net/unix/af_unix.c. */
static int64_t no_reader(struct model *model, const struct description *to)
{
	struct channel *channel = channel_at(model, to->other);

	if (!channel->socket || channel->type != SOCK_DGRAM)
		return -EPIPE;
	if (channel->orphan)
		return -ENOTCONN;
	channel->orphan = true;
	memset(&channel_at(model, to->object)->queue, 0, sizeof(struct queue));
	return -ECONNREFUSED;
}

static int64_t write_channel(struct model *model, struct description *to,
                             struct op *op)
{
	struct channel *channel = channel_at(model, to->other);
	size_t size = op->args[FD_COUNT];
	bool stream = channel->type == SOCK_STREAM;
	bool fits;

	/* But an empty message is one. */
	if (size == 0 && stream && !channel->socket)
		return 0;
	if (!channel->readable)
		return no_reader(model, to);
	fits = stream ? queue_put_bytes(&channel->queue, op->data, size)
	              : queue_put(&channel->queue, 0, op->data, size);
	if (!fits)
		model->full = true;
	return (int64_t)size;
}

/* --- closing */

static void close_reader(struct model *model, const struct description *what)
{
	struct channel *channel = channel_at(model, what->object);
	bool unread = channel->queue.used > 0;

	channel->readable = false;
	memset(&channel->queue, 0, sizeof(channel->queue));
	if (channel->socket && channel->type != SOCK_DGRAM && unread)
		channel_at(model, what->other)->reset = true;
	if (!channel->writable)
		*channel = (struct channel){ 0 };
}

static void close_writer(struct model *model, const struct description *what)
{
	struct channel *channel = channel_at(model, what->other);

	channel->writable = false;
	if (!channel->readable)
		*channel = (struct channel){ 0 };
}

static void release(struct model *model, struct description *what,
                    unsigned number)
{
	(void)number;
	if (what->mode & FD_READS)
		close_reader(model, what);
	if (what->mode & FD_WRITES)
		close_writer(model, what);
}

const struct fd_type pipe_type = {
	.can_read = can_read,
	.read = read_channel,
	.write = write_channel,
	.hopeless = hopeless,
	.release = release,
};

/* --- fronts */

static const struct model_call pipe_call = {
	.name = "pipe",
	.ways = model_one_way,
	.go = pipe_go,
};

static const struct model_call socketpair_call = {
	.name = "socketpair",
	.ways = model_one_way,
	.go = socketpair_go,
};

FRONT(pipe);
FRONT(pipe2);
FRONT(socketpair);

static ON_FIBER int make(const struct model_call *call, int flags, int type,
                         int ends[2], const void *pc)
{
	int fds[2];
	int64_t result;

	kernel_send(NULL, 0);
	result = model_post(call, pc, (uint64_t)flags, (uint64_t)type, 0, 0);
	if (result < 0)
		return (int)kernel_result(result, "pipe: too many at a time",
		                          pc);
	memcpy(fds, model_op()->data, sizeof(fds));
	model_copy(ends, fds, sizeof(fds), pc);
	return 0;
}

int explored_pipe(int ends[2])
{
	return make(&pipe_call, 0, 0, ends, __builtin_return_address(0));
}

int explored_pipe2(int ends[2], int flags)
{
	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		model_refuse("pipe2 with these flags",
		             __builtin_return_address(0));
	return make(&pipe_call, flags, 0, ends, __builtin_return_address(0));
}

/* SOCK_NONBLOCK and SOCK_CLOEXEC are O_NONBLOCK and O_CLOEXEC. */
int explored_socketpair(int domain, int type, int protocol, int ends[2])
{
	const void *pc = __builtin_return_address(0);
	int flags = type & (SOCK_NONBLOCK | SOCK_CLOEXEC);
	int kind = type & ~flags;

	if (domain != AF_UNIX || protocol != 0)
		model_refuse("socketpair but of AF_UNIX", pc);
	if (kind != SOCK_STREAM && kind != SOCK_DGRAM && kind != SOCK_SEQPACKET)
		model_refuse("socketpair of that type", pc);
	return make(&socketpair_call, flags, kind, ends, pc);
}
