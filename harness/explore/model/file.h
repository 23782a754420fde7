/*
 * Files and the locks on ranges of them, which belong to a worker (fcntl
 * F_SETLK) or to an open file description (F_OFD_SETLK).
 */
#ifndef HARNESS_EXPLORE_MODEL_FILE_H
#define HARNESS_EXPLORE_MODEL_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/explore/model/fd.h"

enum {
	FILES = 32,
	FILE_BYTES = 256,
	RECORDS = 12, /* locks on ranges of one file */
};

/* Owners of ranges: these and the number of a worker, or a description. */
enum {
	RECORD_WORKER = 0,
	RECORD_DESCRIPTION = 32,
};

struct record {
	int64_t start;
	int64_t end;  /* the last byte; INT64_MAX for all that will come */
	uint8_t type; /* F_RDLCK + 1 or F_WRLCK + 1; 0: none */
	uint8_t owner;
	uint8_t padding[6];
};

/* All zero is free. The locks are sorted by owner and start, free ones last. */
struct inode {
	unsigned char path[OP_DATA]; /* empty: it has no name any more */
	bool used;
	uint8_t padding[3];
	uint32_t size;
	unsigned char content[FILE_BYTES]; /* zero behind size */
	struct record records[RECORDS];
};

/* NULL where WHAT is NULL or not a file. */
struct inode *file_inode(struct model *model, const struct description *what);

/* What is cut off is zeroed. */
void file_set_size(struct inode *inode, uint32_t size);

/* Frees the inode where it has no name and nobody has it open. */
void file_forget(struct model *model, unsigned number);

/*
 * --- locks on ranges. RANGE is what is wanted, with F_UNLCK + 1 to unlock.
 *
 * The NTHth lock that is in the way, or NULL.
 */
const struct record *record_rival(const struct inode *inode,
                                  const struct record *range, unsigned nth);

/* Locks or unlocks. Returns 0, or NOT_MODELLED where there are too many. */
int64_t record_put(struct inode *inode, const struct record *range);

/* Unlocks all of that owner. */
void record_drop(struct inode *inode, unsigned owner);

#endif
