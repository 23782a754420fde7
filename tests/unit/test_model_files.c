/* The models of files and their locks, held against the kernel. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include "twin.h"

enum { SEQUENCES = 120 };

FRONT(open);
FRONT(close);
FRONT(dup);
FRONT(dup2);
FRONT(unlink);
FRONT(mkstemp);
FRONT(memfd_create);
FRONT(read);
FRONT(write);
FRONT(pread);
FRONT(pwrite);
FRONT(lseek);
FRONT(ftruncate);
FRONT(flock);
FRONT(fcntl);
FRONT(lockf);

enum {
	OPEN,   /* file, flags */
	CLOSE,  /* descriptor; as the first of all that follow */
	DUP,    /* 0: dup, 1: dup2, 2: F_DUPFD; number */
	UNLINK, /* file */
	MKSTEMP,
	MEMFD, /* -, flags */
	AGAIN, /* descriptor, flags */
	READ,  /* count, offset or -1 */
	WRITE, /* count, offset or -1 */
	SEEK,  /* offset, whence */
	CUT,   /* size */
	GET_FLAGS,
	SET_FLAGS,
	FLOCK,  /* operation */
	RECORD, /* command, type, start, length; whence in data */
	LOCKF,  /* what, length */
};

static int below(struct random *random, unsigned limit)
{
	return (int)random_below(random, limit);
}

/* --- what is in files, and who has them open */

static ON_FIBER int64_t with_path(struct twin_side *side,
                                  const struct twin_command *command)
{
	char path[TWIN_FOLDER + 16];

	(void)snprintf(path, sizeof(path), "%s/%s%d", side->folder,
	               command->what == MKSTEMP ? "XXXXXX" : "f",
	               command->args[0]);
	if (command->what == OPEN)
		return TWIN(side, open)(path, command->args[1], 0600);
	if (command->what == UNLINK)
		return TWIN(side, unlink)(path);
	path[strlen(path) - 1] = 0; /* the number */
	return TWIN(side, mkstemp)(path);
}

static ON_FIBER int64_t without_path(struct twin_side *side,
                                     const struct twin_command *command)
{
	char path[32];

	if (command->what == MEMFD)
		return TWIN(side, memfd_create)("file",
		                                (unsigned)command->args[1]);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d",
	               command->args[0]);
	return TWIN(side, open)(path, command->args[1], 0600);
}

static ON_FIBER int64_t copy_fd(struct twin_side *side, const int *args)
{
	if (args[1] == 0)
		return TWIN(side, dup)(args[0]);
	if (args[1] == 1)
		return TWIN(side, dup2)(args[0], args[2]);
	return TWIN(side, fcntl)(args[0], F_DUPFD, args[2]);
}

static ON_FIBER int64_t transfer(struct twin_side *side,
                                 const struct twin_command *command,
                                 struct twin_reply *reply)
{
	const int *args = command->args;
	size_t count = (size_t)args[1];

	if (command->what == READ && args[2] < 0)
		return TWIN(side, read)(args[0], reply->data, count);
	if (command->what == READ)
		return TWIN(side, pread)(args[0], reply->data, count, args[2]);
	if (args[2] < 0)
		return TWIN(side, write)(args[0], command->data, count);
	return TWIN(side, pwrite)(args[0], command->data, count, args[2]);
}

static ON_FIBER int64_t act_on_fd(struct twin_side *side,
                                  const struct twin_command *command,
                                  struct twin_reply *reply)
{
	const int *args = command->args;
	int result;

	switch (command->what) {
	case OPEN:
	case UNLINK:
	case MKSTEMP:
		return with_path(side, command);
	case MEMFD:
	case AGAIN:
		return without_path(side, command);
	case CLOSE:
		return TWIN(side, close)(args[0]);
	case DUP:
		return copy_fd(side, args);
	case READ:
	case WRITE:
		return transfer(side, command, reply);
	case SEEK:
		return TWIN(side, lseek)(args[0], args[1], args[2]);
	case CUT:
		return TWIN(side, ftruncate)(args[0], args[1]);
	case GET_FLAGS:
		result = TWIN(side, fcntl)(args[0], F_GETFL);
		return result < 0 ? result : result & (O_ACCMODE | O_APPEND);
	default:
		return TWIN(side, fcntl)(args[0], F_SETFL, args[1]);
	}
}

/* --- locks */

static ON_FIBER int64_t lock_record(struct twin_side *side,
                                    const struct twin_command *command,
                                    struct twin_reply *reply)
{
	const int *args = command->args;
	struct flock lock = {
		.l_type = (short)args[2],
		.l_whence = command->data[0],
		.l_start = args[3],
		.l_len = args[4],
	};
	int result = TWIN(side, fcntl)(args[0], args[1], &lock);

	int64_t found[] = { lock.l_type, lock.l_whence, lock.l_start,
		            lock.l_len, lock.l_pid > 0 ? 1 : lock.l_pid };

	memcpy(reply->data, found, sizeof(found));
	return result;
}

static ON_FIBER void act(struct twin_side *side,
                         const struct twin_command *command,
                         struct twin_reply *reply)
{
	const int *args = command->args;
	int64_t result;

	if (command->what == FLOCK)
		result = TWIN(side, flock)(args[0], args[1]);
	else if (command->what == RECORD)
		result = lock_record(side, command, reply);
	else if (command->what == LOCKF)
		result = TWIN(side, lockf)(args[0], args[1], args[2]);
	else
		result = act_on_fd(side, command, reply);
	twin_answer(reply, result, errno);
}

/* --- drawing them */

static const int open_flags[] = {
	O_RDWR,
	O_RDWR | O_CREAT,
	O_RDWR | O_CREAT | O_EXCL,
	O_RDONLY,
	O_WRONLY | O_CREAT | O_TRUNC,
	O_WRONLY | O_APPEND,
};

static void draw_fd(struct random *random, struct twin_command *command)
{
	int *args = command->args;

	command->what = below(random, SET_FLAGS + 1);
	args[0] = 3 + below(random, below(random, 3) ? 2 : 5);
	switch (command->what) {
	case OPEN:
	case UNLINK:
		args[0] = below(random, 2);
		args[1] = open_flags[random_below(random, 6)];
		break;
	case MEMFD:
		args[1] = below(random, 4); /* MFD_CLOEXEC, _ALLOW_SEALING */
		break;
	case AGAIN:
		args[1] = open_flags[random_below(random, 6)];
		if (below(random, 6) == 0)
			args[1] |= O_NOFOLLOW;
		break;
	case DUP:
		args[1] = below(random, 3);
		args[2] = 3 + below(random, 7);
		break;
	case SEEK:
		args[1] = below(random, 20) - 5;
		args[2] = below(random, 20) ? below(random, 3) : 9;
		break;
	case CUT:
		args[1] = below(random, 12);
		break;
	case SET_FLAGS:
		args[1] = below(random, 2) ? O_APPEND : 0;
		break;
	default:
		args[1] = below(random, 20);
		args[2] = below(random, 2) ? -1 : below(random, 20);
	}
	for (int i = 0; i < TWIN_BYTES; i++)
		command->data[i] = (unsigned char)below(random, 256);
}

/* More of what can wait; F_SETLKW by one worker only, for EDEADLK is not
 * modelled. */
static void draw_lock(struct random *random, unsigned worker,
                      struct twin_command *command)
{
	static const int whats[] = { F_ULOCK, F_TEST, F_TLOCK, F_LOCK };
	static const int commands[] = {
		F_GETLK,      F_OFD_GETLK,  F_SETLK,  F_OFD_SETLK,
		F_OFD_SETLKW, F_OFD_SETLKW, F_SETLKW,
	};
	static const int operations[] = {
		LOCK_SH, LOCK_EX, LOCK_UN, LOCK_SH | LOCK_NB, LOCK_EX | LOCK_NB,
	};
	int *args = command->args;
	int what = below(random, 8);

	args[0] = 3 + below(random, 3);
	if (what < 3) {
		command->what = FLOCK;
		args[1] = operations[random_below(random, 5)];
	} else if (what < 7) {
		command->what = RECORD;
		args[1] = commands[random_below(random, worker > 0 ? 6 : 7)];
		args[2] = below(random, 3);
		args[3] = below(random, 6) - (below(random, 10) == 0);
		args[4] = below(random, 8) - 3;
		command->data[0] = (unsigned char)below(random, 3);
		if (args[1] == F_OFD_GETLK && args[2] == F_UNLCK)
			args[2] = F_WRLCK; /* refused */
	} else {
		command->what = LOCKF;
		args[1] = whats[random_below(random, worker > 0 ? 3 : 4)];
		args[2] = below(random, 5);
	}
}

static void draw_locks(struct random *random, unsigned worker,
                       struct twin_command *command)
{
	static const int whats[] = {
		OPEN, AGAIN, AGAIN, CLOSE, CLOSE, DUP, SEEK
	};
	int what = below(random, 16);

	draw_lock(random, worker, command);
	if (what >= 7)
		return;
	command->what = whats[what];
	command->args[1] = what < 3 ? O_RDWR : 0;
	command->args[2] = 0;
	if (what == 0)
		command->args[0] = 0;
}

static void draw_files(struct random *random, unsigned worker,
                       struct twin_command *command)
{
	(void)worker;
	draw_fd(random, command);
}

static void clean(const struct twin_side *real)
{
	DIR *folder = opendir(real->folder);
	const struct dirent *entry;

	if (!folder)
		return;
	while ((entry = readdir(folder)))
		(void)unlinkat(dirfd(folder), entry->d_name, 0);
	(void)closedir(folder);
}

Test(model_files, files_do_what_the_kernel_does, .timeout = 120)
{
	static const struct twin_command setup[] = {
		{ .what = OPEN, .args = { 0, O_RDWR | O_CREAT } },
		{ .what = OPEN, .args = { 1, O_RDWR | O_CREAT } },
		{ .what = WRITE, .args = { 3, 10, -1 }, .data = "0123456789" },
	};
	static const struct twin_test test = {
		.act = act,
		.draw = draw_files,
		.setup = setup,
		.setups = sizeof(setup) / sizeof(setup[0]),
		.clean = clean,
	};
	const char *what = twin_compare(&test, SEQUENCES);

	cr_assert_null(what, "%s", what);
}

Test(model_files, locks_do_what_the_kernel_does, .timeout = 120)
{
	/* The parent has the file open once; what workers open is their own. */
	static const struct twin_command setup[] = {
		{ .what = OPEN, .args = { 0, O_RDWR | O_CREAT } },
		{ .what = WRITE, .args = { 3, 3, -1 }, .data = "012" },
	};
	static const struct twin_test test = {
		.act = act,
		.draw = draw_locks,
		.setup = setup,
		.setups = sizeof(setup) / sizeof(setup[0]),
		.clean = clean,
	};
	const char *what = twin_compare(&test, SEQUENCES);

	cr_assert_null(what, "%s", what);
}

Test(model_files, a_file_without_a_name_is_locked_as_the_kernel_does,
     .timeout = 120)
{
	/* Workers inherit 3 and open it again: then the lock is their own. */
	static const struct twin_command setup[] = {
		{ .what = MEMFD, .args = { 0, MFD_CLOEXEC } },
		{ .what = WRITE, .args = { 3, 3, -1 }, .data = "012" },
	};
	static const struct twin_test test = {
		.act = act,
		.draw = draw_locks,
		.setup = setup,
		.setups = sizeof(setup) / sizeof(setup[0]),
		.clean = clean,
	};
	const char *what = twin_compare(&test, SEQUENCES);

	cr_assert_null(what, "%s", what);
}

Test(model_files, come_back_to_the_same_bytes)
{
	static const struct twin_command todo[] = {
		{ .what = OPEN, .args = { 0, O_RDWR | O_CREAT | O_EXCL } },
		{ .what = WRITE, .args = { 3, 3, -1 }, .data = "abc" },
		{ .what = FLOCK, .args = { 3, LOCK_EX } },
		{ .what = RECORD, .args = { 3, F_OFD_SETLK, F_WRLCK, 0, 2 } },
		{ .what = RECORD, .args = { 3, F_SETLK, F_RDLCK, 5, 2 } },
		{ .what = DUP, .args = { 3, 0 } },
		{ .what = UNLINK, .args = { 0 } },
		{ .what = CLOSE, .args = { 3 } },
		{ .what = CLOSE, .args = { 4 } },
		{ .what = MEMFD, .args = { 0, MFD_CLOEXEC } },
		{ .what = AGAIN, .args = { 3, O_RDWR } },
		{ .what = FLOCK, .args = { 4, LOCK_EX } },
		{ .what = WRITE, .args = { 3, 3, -1 }, .data = "abc" },
		{ .what = CLOSE, .args = { 3 } },
		{ .what = CLOSE, .args = { 4 } },
	};
	static const struct twin_test test = { .act = act };
	const char *what =
	        twin_returns(&test, todo, sizeof(todo) / sizeof(todo[0]));

	cr_assert_null(what, "%s", what);
}
