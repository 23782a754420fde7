/*
 * The twin of sync/maker.h for explored builds, found before it: there is no
 * other process that could ask.
 */
#ifndef SYNC_MAKER_H
#define SYNC_MAKER_H

#include <stdint.h>
#include <unistd.h>

struct maker {
	uint64_t space;
	int64_t pid;
};

static inline struct maker maker_self(void)
{
	return (struct maker){ .pid = getpid() };
}

#endif
