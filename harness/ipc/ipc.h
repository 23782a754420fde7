/*
 * Ways to talk: one channel a file. A channel makes ways, and a way leads
 * from one process to another; who wants an answer opens a second one.
 *
 * A measurement goes like this, and whatever stage it reaches, it ends with
 * destroy:
 *
 *	parent		init		before it forks
 *	sender		attach, send ...	each message whole, in order
 *	receiver	attach, receive ...	as many bytes as were sent
 *	parent		destroy		after both are gone
 *
 * Every function but destroy returns 0 or -errno. One process sends into a way
 * and one receives from it, each from a single thread.
 */
#ifndef HARNESS_IPC_IPC_H
#define HARNESS_IPC_IPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	/*
	 * What the channels in shared memory hold at most on the way: as much
	 * as a pipe (pipe(7)), so that no way is better for being wider.
	 */
	IPC_HELD = 65536,
	/* The most that goes in one piece, whatever the kernel would take. */
	IPC_PIECE_MAX = 65536,
	/* Memory of a way: what it holds, and what keeps it in order. */
	IPC_SHARED = IPC_HELD + 4096,
	IPC_PATH = 96,
};

/* Lives in memory that the janitor sees, too: all of it is zero at first. */
struct ipc_way {
	/* Set before init. */
	size_t bytes; /* of the largest message that will be sent */
	void *shared; /* IPC_SHARED bytes, zero, at the start of a page */

	/* Set by init, and not changed by either side. */
	size_t piece; /* the most that goes in one piece; 0: any message */
	int in, out;  /* descriptors to receive from and send to */
	bool open;    /* in and out are ours */
	char path[IPC_PATH]; /* a name that can still be found, or "" */
};

enum ipc_side { IPC_SENDER, IPC_RECEIVER };

struct ipc_channel {
	const char *name;    /* its file's */
	const char *summary; /* one line */
	const char *source;  /* the manual page */

	/*
	 * Makes the way. Anything with a name or a key is private to this user
	 * and either nameless again when init returns, or removed by destroy.
	 * What it made before it failed is destroy's. -ENOSYS, -EOPNOTSUPP,
	 * -EACCES and the like: not on this machine.
	 */
	int (*init)(struct ipc_way *way);

	/* Gives up what only the other side needs; may be NULL. */
	int (*attach)(const struct ipc_way *way, enum ipc_side side);

	/*
	 * Sends BYTES, at least 1 and at most way->bytes, waiting for room.
	 * -EPIPE: the receiver is gone, where that can be known.
	 */
	int (*send)(const struct ipc_way *way, const void *buffer,
	            size_t bytes);

	/*
	 * Receives as many BYTES as were sent. BUFFER has room for IPC_PIECE_MAX
	 * more, which may be overwritten. -EPIPE: the sender is gone, where that
	 * can be known; -EBADMSG: a piece came in another size than it was sent.
	 */
	int (*receive)(const struct ipc_way *way, void *buffer, size_t bytes);

	/*
	 * A number that changes as bytes of a message move, for whoever watches
	 * from outside. NULL: a message moves in no time, or whoever waits for
	 * it sleeps.
	 */
	uint64_t (*moved)(const struct ipc_way *way);

	/*
	 * Removes and closes what init has made, also where it made only a
	 * part. Any process that sees WAY may call it.
	 */
	void (*destroy)(struct ipc_way *way);
};

/* Every channel there is, NULL after the last. */
extern const struct ipc_channel *const ipc_channels[];

/* The channel of that name, or NULL. */
const struct ipc_channel *ipc_channel(const char *name);

static inline size_t ipc_smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* In how many pieces a message goes. */
static inline size_t ipc_pieces(const struct ipc_way *way, size_t bytes)
{
	return way->piece ? (bytes + way->piece - 1) / way->piece : 1;
}

#endif
