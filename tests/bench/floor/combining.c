#include "tests/bench/floor/floor.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>

#include "sync/cpu.h"

struct request {
	_Alignas(128) atomic_bool wanted;
};

struct combining {
	_Alignas(128) atomic_bool held;
	_Alignas(128) unsigned workers; /* who may have a request: below it */
	struct request of[FLOOR_WORKERS];
};

static void *combining_make(void *room)
{
	void *memory =
	        mmap(NULL, sizeof(struct combining), PROT_READ | PROT_WRITE,
	             MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	(void)room; /* it need not have that much */
	return memory == MAP_FAILED ? NULL : memory;
}

static void combining_drop(void *lock)
{
	(void)munmap(lock, sizeof(struct combining)); /* it was mapped */
}

static void serve(struct combining *this, uint64_t *counter)
{
	unsigned workers = __atomic_load_n(&this->workers, __ATOMIC_ACQUIRE);

	for (unsigned i = 0; i < workers; i++) {
		if (!atomic_load_explicit(&this->of[i].wanted,
		                          memory_order_acquire))
			continue;
		floor_increment(counter);
		atomic_store_explicit(&this->of[i].wanted, false,
		                      memory_order_release);
	}
}

static bool try(struct combining *this)
{
	return !atomic_load_explicit(&this->held, memory_order_relaxed) &&
	       !atomic_exchange_explicit(&this->held, true,
	                                 memory_order_acquire);
}

/* Until the combiner has seen it, a new worker serves itself. */
static void come_in(struct combining *this)
{
	unsigned known = __atomic_load_n(&this->workers, __ATOMIC_RELAXED);

	while (known <= floor_self &&
	       !__atomic_compare_exchange_n(&this->workers, &known,
	                                    floor_self + 1, false,
	                                    __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		continue;
}

static void combining_loop(void *lock, uint64_t *counter, uint64_t times)
{
	struct combining *this = lock;
	struct request *mine = &this->of[floor_self];

	come_in(this);
	for (uint64_t i = 0; i < times; i++) {
		atomic_store_explicit(&mine->wanted, true,
		                      memory_order_release);
		while (atomic_load_explicit(&mine->wanted,
		                            memory_order_acquire)) {
			if (!try(this)) {
				cpu_pause();
				continue;
			}
			serve(this, counter);
			atomic_store_explicit(&this->held, false,
			                      memory_order_release);
		}
	}
}

const struct floor floor_combining = {
	.name = "combining",
	.batch = 1 << 11,
	.make = combining_make,
	.loop = combining_loop,
	.drop = combining_drop,
};
