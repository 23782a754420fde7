#include "harness/explore/model/rwlock_state.h"

#include <errno.h>

#include "harness/explore/model/wait.h"

enum { READS_MAX = 0xff };

static bool is_strict(int kind)
{
	return (kind & ~RWLOCK_SHARED) ==
	       PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

uint32_t rwlock_readers(const struct rwlock *lock)
{
	uint32_t set = 0;

	for (unsigned i = 0; i <= MODEL_PARENT; i++) {
		if (lock->reads[i])
			set |= wait_bit(i);
	}
	return set;
}

uint32_t rwlock_holders(const struct rwlock *lock, unsigned worker)
{
	uint32_t set = lock->write_phase ? 0 : rwlock_readers(lock);

	if (lock->primary && !rwlock_is_writer(lock, worker))
		set |= wait_bit(lock->primary - 1u);
	return set;
}

bool rwlock_gives_way(const struct rwlock *lock, int kind)
{
	return is_strict(kind) && !lock->write_phase &&
	       rwlock_has_writer(lock) && rwlock_readers(lock);
}

int64_t rwlock_register(struct rwlock *lock, unsigned worker)
{
	if (lock->reads[worker] == READS_MAX)
		return -EAGAIN;
	lock->reads[worker]++;
	return lock->write_phase ? RWLOCK_WAITS : 0;
}

int64_t rwlock_tryread(struct rwlock *lock, unsigned worker, int kind)
{
	if (lock->write_phase || (is_strict(kind) && rwlock_has_writer(lock)))
		return -EBUSY;
	return rwlock_register(lock, worker);
}

int64_t rwlock_become_primary(struct rwlock *lock, unsigned worker)
{
	lock->primary = (unsigned char)(worker + 1);
	lock->handover = false;
	if (!rwlock_readers(lock))
		lock->write_phase = true;
	return lock->write_phase ? 0 : RWLOCK_WAITS;
}

void rwlock_stop_being_primary(struct rwlock *lock, int kind)
{
	lock->primary = 0;
	lock->handover = rwlock_prefers_writers(kind) && lock->writers > 0;
}

/*
 * libc only counts the readers: one can unlock for another, if that one has the
 * lock and knows it.
 */
static int64_t unlock_reader(struct rwlock *lock, unsigned worker, int kind)
{
	uint32_t set = rwlock_readers(lock);

	if (!set || lock->write_phase)
		return -EPERM;
	if (!lock->reads[worker]) {
		if (!(kind & RWLOCK_SHARED))
			return -EPERM;
		worker = (unsigned)__builtin_ctz(set);
	}
	lock->reads[worker]--;
	if (!rwlock_readers(lock) && rwlock_has_writer(lock))
		lock->write_phase = true;
	return 0;
}

int64_t rwlock_unlock(struct rwlock *lock, unsigned worker, int kind)
{
	if (!rwlock_is_writer(lock, worker))
		return unlock_reader(lock, worker, kind);
	rwlock_stop_being_primary(lock, kind);
	lock->write_phase = lock->handover;
	return 0;
}
