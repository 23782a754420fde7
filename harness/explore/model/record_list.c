/*
 * The list of locked ranges of a file: split and merged as posix_lock_inode() of
 * fs/locks.c does.
 */
#include <errno.h>
#include <fcntl.h>

#include "harness/explore/model/file.h"

const struct record *record_rival(const struct inode *inode,
                                  const struct record *range, unsigned nth)
{
	for (unsigned i = 0; i < RECORDS; i++) {
		const struct record *other = &inode->records[i];

		if (other->type != 0 && other->owner != range->owner &&
		    range->type != F_UNLCK + 1 &&
		    (other->type == F_WRLCK + 1 ||
		     range->type == F_WRLCK + 1) &&
		    other->start <= range->end && range->start <= other->end &&
		    nth-- == 0)
			return other;
	}
	return NULL;
}

static bool goes_before(const struct record *a, const struct record *b)
{
	return a->owner < b->owner ||
	       (a->owner == b->owner && a->start < b->start);
}

static bool touches(const struct record *a, const struct record *b)
{
	return a->owner == b->owner && a->type == b->type &&
	       a->end != INT64_MAX && a->end + 1 >= b->start;
}

struct list {
	struct record records[2 * RECORDS + 1];
	unsigned count;
};

static void insert(struct list *list, struct record record)
{
	unsigned at = list->count++;

	if (record.start > record.end) {
		list->count--;
		return;
	}
	for (; at > 0 && goes_before(&record, &list->records[at - 1]); at--)
		list->records[at] = list->records[at - 1];
	list->records[at] = record;
}

static void merge(struct list *list)
{
	unsigned kept = 0;

	for (unsigned i = 1; i < list->count; i++) {
		struct record *last = &list->records[kept];

		if (touches(last, &list->records[i]))
			last->end = list->records[i].end;
		else
			list->records[++kept] = list->records[i];
	}
	if (list->count > 0)
		list->count = kept + 1;
}

/* What RECORD keeps of itself when RANGE is cut out. */
static void keep(struct list *list, const struct record *record,
                 const struct record *range)
{
	struct record before = *record;
	struct record after = *record;

	if (record->owner != range->owner || record->end < range->start ||
	    range->end < record->start) {
		insert(list, *record);
		return;
	}
	before.end = range->start - 1;
	insert(list, before);
	if (range->end == INT64_MAX)
		return;
	after.start = range->end + 1;
	insert(list, after);
}

int64_t record_put(struct inode *inode, const struct record *range)
{
	struct list list = { .count = 0 };

	for (unsigned i = 0; i < RECORDS; i++) {
		if (inode->records[i].type != 0)
			keep(&list, &inode->records[i], range);
	}
	if (range->type != F_UNLCK + 1)
		insert(&list, *range);
	merge(&list);
	if (list.count > RECORDS)
		return NOT_MODELLED;
	memset(inode->records, 0, sizeof(inode->records));
	for (unsigned i = 0; i < list.count; i++) {
		inode->records[i].start = list.records[i].start;
		inode->records[i].end = list.records[i].end;
		inode->records[i].type = list.records[i].type;
		inode->records[i].owner = list.records[i].owner;
	}
	return 0;
}

void record_drop(struct inode *inode, unsigned owner)
{
	struct record all = {
		.start = 0,
		.end = INT64_MAX,
		.type = F_UNLCK + 1,
		.owner = (uint8_t)owner,
	};

	(void)record_put(inode, &all); /* which cannot make it longer */
}
