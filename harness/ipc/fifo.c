/*
 * A pipe with a name. The name is for processes that are no relatives; ours are,
 * so both ends are opened first, and the name is gone before anyone forks.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/ipc/channels.h"
#include "harness/ipc/stream.h"

/* The folder is ours alone, so nobody else can be in it before us. */
static void fifo_name(const struct ipc_way *way, char name[IPC_PATH + 8])
{
	(void)snprintf(name, IPC_PATH + 8, "%s/fifo", way->path);
}

static void remove_name(struct ipc_way *way)
{
	char name[IPC_PATH + 8];

	if (!way->path[0])
		return;
	fifo_name(way, name);
	(void)unlink(name); /* it may not have been made */
	(void)rmdir(way->path);
	way->path[0] = '\0'; /* last: who is killed in between leaves it */
}

static int make_folder(struct ipc_way *way)
{
	const char *where = getenv("TMPDIR");

	if (!where || !where[0])
		where = "/tmp";
	if (snprintf(way->path, IPC_PATH, "%s/racelab-XXXXXX", where) >=
	    IPC_PATH) {
		way->path[0] = '\0';
		return -ENAMETOOLONG;
	}
	if (!mkdtemp(way->path)) {
		way->path[0] = '\0';
		return -errno;
	}
	return 0;
}

/*
 * To open an end waits for the other one to be opened, and we are both. The
 * reading end does not wait with O_NONBLOCK, and then the writing end finds it.
 */
static int open_ends(struct ipc_way *way, const char *name)
{
	way->in = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (way->in < 0)
		return -errno;
	way->out = open(name, O_WRONLY | O_CLOEXEC);
	if (way->out < 0) {
		int err = -errno;

		(void)close(way->in);
		return err;
	}
	way->open = true;
	return fcntl(way->in, F_SETFL, 0) < 0 ? -errno : 0;
}

static int make_fifo(struct ipc_way *way)
{
	char name[IPC_PATH + 8];
	int err = make_folder(way);

	if (err)
		return err;
	fifo_name(way, name);
	err = mkfifo(name, 0600) < 0 ? -errno : open_ends(way, name);
	remove_name(way);
	return err;
}

static void destroy_fifo(struct ipc_way *way)
{
	remove_name(way);
	stream_destroy(way);
}

const struct ipc_channel ipc_fifo = {
	.name = "fifo",
	.summary = "FIFO: a pipe with a name in the file system",
	.source = "fifo(7)",
	.init = make_fifo,
	.attach = stream_attach,
	.send = stream_send,
	.receive = stream_receive,
	.destroy = destroy_fifo,
};
