#include "harness/base/nameless.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/base/process.h"

enum { TRIES = 16 };

/* What shmat gives where it fails. */
/* NOLINTNEXTLINE(performance-no-int-to-ptr): shmat(2) says so */
static void *const no_address = (void *)-1;

/* What the child is sent for. */
struct errand {
	/* A descriptor, a System V identifier, or -errno. */
	int (*make)(const struct errand *errand);
	bool descriptor; /* it is one */
	const char *folder;
	size_t bytes;
	int socket; /* the child's end, then ours */
	pid_t pid;
};

/* --- in the child */

static int make_posix(const struct errand *errand)
{
	int fd = -EEXIST;

	(void)errand;
	/* O_EXCL refuses what somebody else has put there. */
	for (int try = 0; try < TRIES && fd == -EEXIST; try++) {
		char name[64];
		unsigned long long random;

		/* At most 256 bytes are never interrupted: getrandom(2). */
		if (getrandom(&random, sizeof(random), 0) < 0)
			return -errno;
		(void)snprintf(name, sizeof(name), "/racelab-%ld-%016llx",
		               (long)getpid(), random);
		fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
		if (fd < 0)
			fd = -errno;
		else
			(void)shm_unlink(name); /* it was made just now */
	}
	return fd;
}

static int make_file(const struct errand *errand)
{
	char path[PATH_MAX];
	int fd;

	if (snprintf(path, sizeof(path), "%s/racelab-XXXXXX", errand->folder) >=
	    (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = mkostemp(path, O_CLOEXEC); /* 0600: mkstemp(3) */
	if (fd < 0)
		return -errno;
	(void)unlink(path); /* it was made just now */
	return fd;
}

/*
 * A segment that is marked to be removed lives while somebody is attached, and
 * on Linux can still be attached by others: shmat(2), notes.
 */
static int make_sysv(const struct errand *errand)
{
	int id = shmget(IPC_PRIVATE, errand->bytes, IPC_CREAT | 0600);
	int err = 0;

	if (id < 0)
		return -errno;
	if (shmat(id, NULL, 0) == no_address)
		err = -errno;
	(void)shmctl(id, IPC_RMID, NULL); /* it is ours */
	return err ? err : id;
}

/* A message of one number, and with it a descriptor or not: unix(7). */
struct letter {
	struct msghdr header;
	struct iovec text;
	int value;
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
};

static void letter_begin(struct letter *letter)
{
	memset(letter, 0, sizeof(*letter));
	letter->text.iov_base = &letter->value;
	letter->text.iov_len = sizeof(letter->value);
	letter->header.msg_iov = &letter->text;
	letter->header.msg_iovlen = 1;
	letter->header.msg_control = letter->control;
	letter->header.msg_controllen = sizeof(letter->control);
}

static void letter_send(struct letter *letter, int socket, bool descriptor)
{
	struct cmsghdr *part = CMSG_FIRSTHDR(&letter->header);

	if (descriptor) {
		part->cmsg_level = SOL_SOCKET;
		part->cmsg_type = SCM_RIGHTS;
		part->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(part), &letter->value, sizeof(int));
	} else {
		letter->header.msg_control = NULL;
		letter->header.msg_controllen = 0;
	}
	/* Where nobody reads any more, there is nobody to tell. */
	(void)sendmsg(socket, &letter->header, MSG_NOSIGNAL);
}

static void do_errand(void *argument)
{
	const struct errand *errand = argument;
	struct letter letter;
	char byte;

	letter_begin(&letter);
	letter.value = errand->make(errand);
	letter_send(&letter, errand->socket,
	            errand->descriptor && letter.value >= 0);
	/* Stays attached until the other has taken it. */
	while (read(errand->socket, &byte, 1) < 0 && errno == EINTR)
		continue;
}

/* --- in the parent */

static int receive(const struct errand *errand)
{
	struct letter letter;
	struct cmsghdr *part;
	ssize_t size;
	int fd;

	letter_begin(&letter);
	do
		size = recvmsg(errand->socket, &letter.header,
		               MSG_CMSG_CLOEXEC);
	while (size < 0 && errno == EINTR);
	if (size < 0)
		return -errno;
	if (size != sizeof(letter.value))
		return -ECHILD; /* it was killed */
	if (!errand->descriptor || letter.value < 0)
		return letter.value;
	part = CMSG_FIRSTHDR(&letter.header);
	if (!part || part->cmsg_len != CMSG_LEN(sizeof(int)))
		return -EMFILE; /* no room for a descriptor: unix(7) */
	memcpy(&fd, CMSG_DATA(part), sizeof(fd));
	return fd;
}

/* Sends the child and returns what it has made; then errand_end. */
static int errand_begin(struct errand *errand)
{
	int ends[2];

	errand->socket = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	errand->socket = ends[1];
	errand->pid = process_fork_detached(do_errand, errand, ends[1]);
	errand->socket = ends[0];
	(void)close(ends[1]);
	return errand->pid < 0 ? errand->pid : receive(errand);
}

static void errand_end(struct errand *errand)
{
	if (errand->socket >= 0)
		(void)close(errand->socket);
	if (errand->pid > 0)
		(void)process_reap(errand->pid);
}

static int descriptor_of(struct errand *errand)
{
	int fd = errand_begin(errand);

	errand_end(errand);
	return fd;
}

int nameless_posix(void)
{
	struct errand errand = { .make = make_posix, .descriptor = true };

	return descriptor_of(&errand);
}

int nameless_file(const char *folder)
{
	struct errand errand = {
		.make = make_file,
		.descriptor = true,
		.folder = folder,
	};
	/* Never has a name, where the file system can do that. */
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	/* The two that open(2) gives where it cannot. */
	if (errno != EOPNOTSUPP && errno != EISDIR)
		return -errno;
	return descriptor_of(&errand);
}

int nameless_sysv(size_t bytes, void **base)
{
	struct errand errand = { .make = make_sysv, .bytes = bytes };
	int id = errand_begin(&errand);
	int err = id < 0 ? id : 0;

	if (!err) {
		*base = shmat(id, NULL, 0);
		err = *base == no_address ? -errno : 0;
	}
	errand_end(&errand);
	return err;
}
