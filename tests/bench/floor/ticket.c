#include "tests/bench/floor/floor.h"

struct ticket {
	unsigned next, serving;
};

static void *ticket_make(void *room)
{
	return room;
}

static void ticket_loop(void *lock, uint64_t *counter, uint64_t times)
{
	struct ticket *ticket = lock;

	for (uint64_t i = 0; i < times; i++) {
		unsigned mine =
		        __atomic_fetch_add(&ticket->next, 1, __ATOMIC_RELAXED);

		while (__atomic_load_n(&ticket->serving, __ATOMIC_ACQUIRE) !=
		       mine)
			floor_pause();
		floor_increment(counter);
		__atomic_store_n(&ticket->serving, mine + 1, __ATOMIC_RELEASE);
	}
}

const struct floor floor_ticket = {
	.name = "ticket",
	.batch = 1 << 12,
	.lock_bytes = sizeof(struct ticket),
	.make = ticket_make,
	.loop = ticket_loop,
};
