/*
 * Descriptors and open file descriptions, for the models of what they stand for.
 *
 * A worker has a table of descriptors, at first the parent's, as after fork.
 * Each stands for a description, which several descriptors, also of different
 * workers, can share. The parent keeps its own descriptors open while the workers
 * run, as it does in a real run.
 */
#ifndef HARNESS_EXPLORE_MODEL_FD_H
#define HARNESS_EXPLORE_MODEL_FD_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/explore/model/kernel.h"

enum {
	FDS = 32,     /* numbers of descriptors; 0 to 2 are not in tables */
	FD_FIRST = 3, /* the lowest that can be free */
	DESCRIPTIONS = 64, /* at a time */
};

enum fd_kind {
	FD_FREE,
	FD_NULL, /* /dev/null */
	FD_FILE,
	FD_PIPE, /* and sockets */
	FD_EVENTFD,
	FD_MQ,
};

/* Bits of mode. */
enum {
	FD_READS = 1,
	FD_WRITES = 2,
	FD_NONBLOCK = 4,
	FD_APPEND = 8,
};

/* An open file description; all zero is free. */
struct description {
	uint8_t kind;
	uint8_t mode;
	uint8_t flock;  /* LOCK_SH, LOCK_EX or 0 */
	uint8_t object; /* the number of the inode, channel to read, ... */
	uint8_t other;  /* the number of the channel to write */
	uint8_t padding[3];
	uint32_t offset;
};

/* The arguments of read and write calls. */
enum {
	FD_NUMBER,
	FD_COUNT,
	FD_OFFSET, /* of pread and pwrite, else -1 */
};

/*
 * What a kind of description does. read and write are called for descriptions of
 * the right mode, and where can_read or can_write, unless NULL, says that they
 * need not wait.
 */
struct fd_type {
	bool (*can_read)(struct model *model, const struct description *from,
	                 const struct op *op);
	int64_t (*read)(struct model *model, struct description *from,
	                struct op *op);
	bool (*can_write)(struct model *model, const struct description *to,
	                  const struct op *op);
	int64_t (*write)(struct model *model, struct description *to,
	                 struct op *op);
	/* While it waits; as in struct model_call. May be NULL. */
	const char *(*hopeless)(struct model *model, unsigned worker,
	                        const struct description *what, bool writes);
	/* WORKER has closed a descriptor of it. May be NULL. */
	void (*closed)(struct model *model, unsigned worker,
	               const struct description *what);
	/* The last descriptor is closed; it is zeroed afterwards. NULL: nothing. */
	void (*release)(struct model *model, struct description *what,
	                unsigned number);
};

extern const struct fd_type null_type, file_type, pipe_type, eventfd_type,
        mq_type;

/* --- for calls */

const struct fd_type *fd_type_of(const struct description *what);

/* The number of the description, or -1. */
int fd_find(struct model *model, unsigned worker, uint64_t fd);

/* By its number. NULL where there is none. */
struct description *fd_description(struct model *model, unsigned number);

/* Of WORKER's descriptor, or NULL. */
struct description *fd_get(struct model *model, unsigned worker, uint64_t fd);

/* Opens: returns the new descriptor, or NOT_MODELLED. FLAGS: FD_CLOEXEC or 0. */
int64_t fd_open(struct model *model, unsigned worker,
                const struct description *what, int flags);

/* The set of living workers that have a descriptor of that description. */
uint32_t fd_holders(struct model *model, unsigned number);

/* Calls BODY for each description that is open. */
void fd_each(struct model *model,
             void (*body)(struct description *what, unsigned number,
                          void *argument),
             void *argument);

/* --- for fronts */

int64_t fd_read(int fd, void *buffer, size_t count, const void *pc);
int64_t fd_write(int fd, const void *buffer, size_t count, const void *pc);

int fd_close(int fd, const void *pc);

/* What fcntl has to say about record locks; in record_lock.c. */
struct flock;
int64_t fd_record_lock(int fd, int command, struct flock *lock, const void *pc);

#endif
