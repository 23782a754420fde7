#include "tests/bench/floor/floor.h"

#include <unistd.h>

static void *pipe_token_make(void *room)
{
	int *ends = room;

	if (pipe(ends) < 0 || write(ends[1], "t", 1) != 1)
		return NULL;
	return room;
}

static void pipe_token_loop(void *lock, uint64_t *counter, uint64_t times)
{
	const int *ends = lock;
	char token;

	/* No handler here, so no EINTR. */
	for (uint64_t i = 0; i < times; i++) {
		if (read(ends[0], &token, 1) != 1)
			_exit(1);
		floor_increment(counter);
		if (write(ends[1], "t", 1) != 1)
			_exit(1);
	}
}

static void pipe_token_drop(void *lock)
{
	const int *ends = lock;

	(void)close(ends[0]);
	(void)close(ends[1]);
}

const struct floor floor_pipe_token = {
	.name = "pipe_token",
	.batch = 1 << 3,
	.lock_bytes = 2 * sizeof(int),
	.make = pipe_token_make,
	.loop = pipe_token_loop,
	.drop = pipe_token_drop,
};
