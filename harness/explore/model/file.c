/*
 * Files: open(2), creat(2), unlink(2), mkstemp(3), memfd_create(2). What is in
 * them is in file_data.c.
 *
 * There is a file system of its own, empty at first: what init or a worker made is
 * there, and nothing else but /dev/null. A path is its text, without "./" in front
 * and double slashes; two other spellings of one path would be two files. Folders
 * are taken to exist, and permissions are not looked at.
 *
 * /proc/self/fd/N opens again what that descriptor stands for: the same file, and
 * an open file description of its own.
 *
 * Bounds: 32 files, paths of 63 characters, 256 bytes in a file. Anything else
 * below /dev, /proc and /sys is refused, as are O_TMPFILE, O_PATH, O_DIRECTORY,
 * the standard streams and what is not a file opened again, and seals.
 */
#include "harness/explore/model/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	/* NOLINTNEXTLINE(misc-redundant-expression): O_TMPFILE repeats a bit */
	REFUSED = O_TMPFILE | O_PATH | O_ASYNC, /* O_DIRECTORY is in it */
	SUFFIX = 6,                             /* of mkstemp */
};

/* Its number, or -1. */
static int find_path(struct model *model, const unsigned char *path)
{
	for (unsigned i = 0; i < FILES; i++) {
		const struct inode *inode =
		        model_find_numbered(model, MODEL_INODE, i);

		if (inode && memcmp(inode->path, path, OP_DATA) == 0)
			return (int)i;
	}
	return -1;
}

static int make_inode(struct model *model, const unsigned char *path)
{
	for (unsigned i = 0; i < FILES; i++) {
		struct inode *inode =
		        model_numbered(model, MODEL_INODE, i, sizeof(*inode));

		if (!inode->used) {
			inode->used = true;
			memcpy(inode->path, path, OP_DATA);
			return (int)i;
		}
	}
	return -1;
}

/* --- open */

static int64_t open_inode(struct model *model, unsigned worker, unsigned number,
                          int flags)
{
	static const uint8_t modes[] = {
		[O_RDONLY] = FD_READS,
		[O_WRONLY] = FD_WRITES,
		[O_RDWR] = FD_READS | FD_WRITES,
	};
	struct description what = {
		.kind = number < FILES ? FD_FILE : FD_NULL,
		.mode = modes[flags & O_ACCMODE],
		.object = (uint8_t)number,
	};

	if (flags & O_NONBLOCK)
		what.mode |= FD_NONBLOCK;
	if (flags & O_APPEND)
		what.mode |= FD_APPEND;
	return fd_open(model, worker, &what,
	               flags & O_CLOEXEC ? FD_CLOEXEC : 0);
}

static int64_t open_path(struct model *model, unsigned worker,
                         const unsigned char *path, int flags)
{
	int number = find_path(model, path);

	if (strcmp((const char *)path, "/dev/null") == 0)
		return flags & O_EXCL ? -EEXIST
		                      : open_inode(model, worker, FILES, flags);
	if (number >= 0 && (flags & O_CREAT) && (flags & O_EXCL))
		return -EEXIST;
	if (number < 0 && !(flags & O_CREAT))
		return -ENOENT;
	if (number < 0)
		number = make_inode(model, path);
	else if (flags & O_TRUNC)
		file_set_size(model_find_numbered(model, MODEL_INODE,
		                                  (unsigned)number),
		              0);
	if (number < 0)
		return NOT_MODELLED;
	return open_inode(model, worker, (unsigned)number, flags);
}

static void open_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	(void)way;
	op->result = open_path(model, worker, op->data, (int)op->args[0]);
}

/* Arguments: flags, descriptor. */
static int64_t open_again(struct model *model, unsigned worker, int flags,
                          uint64_t fd)
{
	const struct description *what = fd_get(model, worker, fd);
	uint8_t number;

	if (!what)
		return -ENOENT;
	if ((flags & O_CREAT) && (flags & O_EXCL))
		return -EEXIST; /* it is a link, which is not followed then */
	if (flags & O_NOFOLLOW)
		return -ELOOP;
	if (what->kind != FD_FILE && what->kind != FD_NULL)
		return NOT_MODELLED;
	number = what->object;
	if (what->kind == FD_FILE && (flags & O_TRUNC))
		file_set_size(file_inode(model, what), 0);
	return open_inode(model, worker, number, flags);
}

static void open_again_go(struct model *model, unsigned worker, struct op *op,
                          unsigned way)
{
	(void)way;
	op->result = open_again(model, worker, (int)op->args[0], op->args[1]);
}

/* A file that never had a name. */
static void memfd_go(struct model *model, unsigned worker, struct op *op,
                     unsigned way)
{
	static const unsigned char nameless[OP_DATA];
	int number = make_inode(model, nameless);

	(void)way;
	op->result = number < 0 ? NOT_MODELLED
	                        : open_inode(model, worker, (unsigned)number,
	                                     (int)op->args[0] | O_RDWR);
}

/* The first name that is free; the real one tries random letters. */
static void mkstemp_go(struct model *model, unsigned worker, struct op *op,
                       unsigned way)
{
	size_t length = strlen((const char *)op->data);
	int flags = (int)op->args[0] | O_RDWR | O_CREAT | O_EXCL;

	(void)way;
	memset(op->data + length - SUFFIX, 'a', SUFFIX);
	for (int tries = 0; tries < 26; tries++) {
		op->data[length - 1] = (unsigned char)('a' + tries);
		op->result = open_path(model, worker, op->data, flags);
		if (op->result != -EEXIST)
			return;
	}
	op->result = NOT_MODELLED;
}

/* --- unlink */

static void unlink_go(struct model *model, unsigned worker, struct op *op,
                      unsigned way)
{
	int number = find_path(model, op->data);
	struct inode *inode;

	(void)worker, (void)way;
	op->result = number < 0 ? -ENOENT : 0;
	if (number < 0)
		return;
	inode = model_find_numbered(model, MODEL_INODE, (unsigned)number);
	memset(inode->path, 0, sizeof(inode->path));
	file_forget(model, (unsigned)number);
}

/* --- fronts */

static const struct model_call open_call = {
	.name = "open",
	.ways = model_one_way,
	.go = open_go,
};

static const struct model_call open_again_call = {
	.name = "open",
	.ways = model_one_way,
	.go = open_again_go,
};

static const struct model_call memfd_call = {
	.name = "memfd_create",
	.ways = model_one_way,
	.go = memfd_go,
};

static const struct model_call mkstemp_call = {
	.name = "mkstemp",
	.ways = model_one_way,
	.go = mkstemp_go,
};

static const struct model_call unlink_call = {
	.name = "unlink",
	.ways = model_one_way,
	.go = unlink_go,
};

FRONT(open);
FRONT(open64);
FRONT(openat);
FRONT(openat64);
FRONT(creat);
FRONT(creat64);
FRONT(unlink);
FRONT(memfd_create);
FRONT(mkstemp);
FRONT(mkstemp64);
FRONT(mkostemp);
FRONT(mkostemp64);

/* Whether PATH is below one of the folders that are not files. */
static ON_FIBER bool is_special(const char *path)
{
	return strcmp(path, "/dev/null") != 0 &&
	       (strncmp(path, "/dev/", 5) == 0 ||
	        strncmp(path, "/proc/", 6) == 0 ||
	        strncmp(path, "/sys/", 5) == 0);
}

/* Puts the path into the next operation; returns false where it is empty. */
static ON_FIBER bool send_path(const char *path, const void *pc)
{
	char text[OP_DATA] = { 0 };
	size_t length = 0;

	while (path[0] == '.' && path[1] == '/')
		path += 2;
	if (is_special(path))
		model_refuse("open below /dev, /proc or /sys", pc);
	for (; *path; path++) {
		if (path[0] == '/' && path[1] == '/')
			continue;
		if (length + 1 == sizeof(text))
			model_refuse("a path of more than 63 characters", pc);
		text[length++] = *path;
	}
	kernel_send(text, length);
	return length > 0;
}

/* N, where PATH is /proc/self/fd/N and N is not a standard stream; or -1. */
static ON_FIBER int descriptor_in(const char *path)
{
	static const char folder[] = "/proc/self/fd/";
	int fd = 0;

	if (strncmp(path, folder, sizeof(folder) - 1) != 0)
		return -1;
	for (path += sizeof(folder) - 1; *path; path++) {
		if (*path < '0' || *path > '9' || fd > INT_MAX / 10 - 1)
			return -1;
		fd = fd * 10 + *path - '0';
	}
	return fd < FD_FIRST ? -1 : fd;
}

static ON_FIBER int open_file(const char *path, int flags, const void *pc)
{
	int fd = descriptor_in(path);
	int64_t result;

	if ((flags & REFUSED) || (flags & O_ACCMODE) == O_ACCMODE)
		model_refuse("open with these flags", pc);
	if (fd >= 0) {
		result = model_post(&open_again_call, pc, (uint64_t)flags,
		                    (uint64_t)fd, 0, 0);
		return (int)kernel_result(result,
		                          "open again what is not a file", pc);
	}
	if (!send_path(path, pc))
		return (int)model_errno(-ENOENT);
	result = model_post(&open_call, pc, (uint64_t)flags, 0, 0, 0);
	return (int)kernel_result(result, "open: too many files", pc);
}

int explored_open(const char *path, int flags, ...)
{
	return open_file(path, flags, __builtin_return_address(0));
}

int explored_open64(const char *path, int flags, ...)
{
	return open_file(path, flags, __builtin_return_address(0));
}

int explored_openat(int folder, const char *path, int flags, ...)
{
	const void *pc = __builtin_return_address(0);

	if (folder != AT_FDCWD && path[0] != '/')
		model_refuse("openat in a folder", pc);
	return open_file(path, flags, pc);
}

int explored_openat64(int folder, const char *path, int flags, ...)
{
	const void *pc = __builtin_return_address(0);

	if (folder != AT_FDCWD && path[0] != '/')
		model_refuse("openat in a folder", pc);
	return open_file(path, flags, pc);
}

int explored_creat(const char *path, mode_t mode)
{
	(void)mode;
	return open_file(path, O_CREAT | O_WRONLY | O_TRUNC,
	                 __builtin_return_address(0));
}

int explored_creat64(const char *path, mode_t mode)
{
	(void)mode;
	return open_file(path, O_CREAT | O_WRONLY | O_TRUNC,
	                 __builtin_return_address(0));
}

int explored_memfd_create(const char *name, unsigned flags)
{
	const void *pc = __builtin_return_address(0);
	int64_t result;

	if (flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING))
		model_refuse("memfd_create with these flags", pc);
	if (strlen(name) > NAME_MAX - strlen("memfd:"))
		return (int)model_errno(-EINVAL);
	result = MODEL_POST(&memfd_call, flags & MFD_CLOEXEC ? O_CLOEXEC : 0, 0,
	                    0, 0);
	return (int)kernel_result(result, "memfd_create: too many files", pc);
}

int explored_unlink(const char *path)
{
	if (!send_path(path, __builtin_return_address(0)))
		return (int)model_errno(-ENOENT);
	return (int)model_errno(MODEL_POST(&unlink_call, 0, 0, 0, 0));
}

static ON_FIBER int make_temporary(char *template, int flags, const void *pc)
{
	size_t length = strlen(template);
	char suffix[SUFFIX];
	int64_t result;

	if (length < SUFFIX ||
	    strcmp(template + length - SUFFIX, "XXXXXX") != 0)
		return (int)model_errno(-EINVAL);
	(void)send_path(template, pc);
	result = model_post(&mkstemp_call, pc, (uint64_t)flags, 0, 0, 0);
	if (result < 0)
		return (int)kernel_result(result, "mkstemp: too many files",
		                          pc);
	memcpy(suffix,
	       model_op()->data + strlen((const char *)model_op()->data) -
	               SUFFIX,
	       SUFFIX);
	model_copy(template + length - SUFFIX, suffix, SUFFIX, pc);
	return (int)result;
}

int explored_mkstemp(char *template)
{
	return make_temporary(template, 0, __builtin_return_address(0));
}

int explored_mkstemp64(char *template)
{
	return make_temporary(template, 0, __builtin_return_address(0));
}

int explored_mkostemp(char *template, int flags)
{
	return make_temporary(template, flags, __builtin_return_address(0));
}

int explored_mkostemp64(char *template, int flags)
{
	return make_temporary(template, flags, __builtin_return_address(0));
}
