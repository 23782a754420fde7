#include "harness/explore/model/mutex_state.h"

#include <errno.h>

struct mutex_state *mutex_at(struct model *model, unsigned worker,
                             uint64_t address)
{
	return model_object(model, MODEL_MUTEX, worker, address,
	                    sizeof(struct mutex_state));
}

struct mutex_state mutex_copy(struct model *model, unsigned worker,
                              uint64_t address)
{
	const struct mutex_state *mutex =
	        model_find(model, MODEL_MUTEX, worker, address);

	return mutex ? *mutex : (struct mutex_state){ 0 };
}

static bool is_mine(const struct mutex_state *mutex, unsigned worker, int kind)
{
	return (kind & KIND_ROBUST ? mutex->word : mutex->owner) == worker + 1;
}

int mutex_take(struct mutex_state *mutex, unsigned worker, int kind)
{
	bool robust = kind & KIND_ROBUST, died = mutex->died;

	if (mutex->owner == MUTEX_LOST)
		return ENOTRECOVERABLE;
	mutex->word = (unsigned char)(worker + 1);
	mutex->owner = died ? MUTEX_INCONSISTENT : mutex->word;
	mutex->robust = robust;
	mutex->died = false;
	mutex->count = mutex_has_type(kind, PTHREAD_MUTEX_RECURSIVE);
	/* Only destroying looks at it, and not at a robust one's. */
	mutex->users += !robust;
	return died ? EOWNERDEAD : 0;
}

static int try_lock(struct mutex_state *mutex, unsigned worker, int kind)
{
	if (kind == KIND_DESTROYED)
		return EINVAL;
	if (mutex_has_type(kind, PTHREAD_MUTEX_RECURSIVE) &&
	    is_mine(mutex, worker, kind)) {
		mutex->count++;
		return 0;
	}
	return mutex->word ? EBUSY : mutex_take(mutex, worker, kind);
}

int mutex_lock(struct mutex_state *mutex, unsigned worker, int kind)
{
	if (kind != KIND_DESTROYED &&
	    mutex_has_type(kind, PTHREAD_MUTEX_ERRORCHECK) &&
	    is_mine(mutex, worker, kind))
		return EDEADLK;
	return try_lock(mutex, worker, kind);
}

/*
 * Only these kinds check for errors here. And glibc forgets to give a robust one
 * back that is lost: "if (oldval == id)" in pthread_mutex_trylock.c is never true,
 * in 2.42 either. The kernel does not know that somebody has it, then. One that
 * inherits priority it does give back.
 */
int mutex_trylock(struct mutex_state *mutex, unsigned worker, int kind)
{
	int err = kind & (KIND_ROBUST | KIND_INHERITS)
	                  ? mutex_lock(mutex, worker, kind)
	                  : try_lock(mutex, worker, kind);

	if (err == ENOTRECOVERABLE && !(kind & KIND_INHERITS))
		mutex->word = (unsigned char)(worker + 1);
	return err;
}

static void set_free(struct mutex_state *mutex, int kind)
{
	mutex->word = 0;
	mutex->owner = 0;
	mutex->robust = false;
	mutex->count = 0;
	mutex->users -= !(kind & KIND_ROBUST);
}

/* Who unlocks it before it is consistent again, loses it for everybody. */
static int unlock_robust(struct mutex_state *mutex, unsigned worker, int kind)
{
	bool mine = mutex->word == worker + 1;
	bool lost = mine && mutex->owner == MUTEX_INCONSISTENT;

	if (mutex_has_type(kind, PTHREAD_MUTEX_RECURSIVE)) {
		if (!lost && mutex->owner != worker + 1)
			return EPERM;
		if (!mine && kind & KIND_INHERITS)
			return EFAULT;
		if (--mutex->count != 0)
			return lost ? ENOTRECOVERABLE : 0;
	} else if (!mine) {
		return EPERM;
	} else if (mutex->owner == MUTEX_LOST) {
		return EFAULT;
	}
	set_free(mutex, kind);
	mutex->owner = lost ? MUTEX_LOST : 0;
	return 0;
}

int mutex_unlock(struct mutex_state *mutex, unsigned worker, int kind)
{
	bool recursive = mutex_has_type(kind, PTHREAD_MUTEX_RECURSIVE);
	bool checks = mutex_has_type(kind, PTHREAD_MUTEX_ERRORCHECK) ||
	              kind & KIND_INHERITS;

	if (kind == KIND_DESTROYED)
		return EINVAL;
	if (kind & KIND_ROBUST)
		return unlock_robust(mutex, worker, kind);
	if ((recursive || checks) && !is_mine(mutex, worker, kind))
		return EPERM;
	if (!recursive || --mutex->count == 0)
		set_free(mutex, kind);
	return 0;
}

int mutex_destroy(const struct mutex_state *mutex, int kind)
{
	return !(kind & KIND_ROBUST) && mutex->users != 0 ? EBUSY : 0;
}

int mutex_consistent(struct mutex_state *mutex, unsigned worker, int kind)
{
	if (!(kind & KIND_ROBUST) || mutex->owner != MUTEX_INCONSISTENT)
		return EINVAL;
	mutex->owner = (unsigned char)(worker + 1);
	return 0;
}

int mutex_unlock_to_wait(struct model *model, unsigned worker, uint64_t address,
                         int kind)
{
	struct mutex_state *mutex = mutex_at(model, worker, address);
	int32_t users = mutex->users;
	int err = mutex_unlock(mutex, worker, kind);

	mutex->users = users;
	return err;
}

static void end_one(void *object, uint64_t key, unsigned owner, void *argument)
{
	const unsigned *worker = argument;
	struct mutex_state *mutex = object;

	(void)key;
	(void)owner;
	if (!mutex->robust || mutex->word != *worker + 1)
		return;
	mutex->word = 0;
	mutex->robust = false;
	mutex->count = 0;
	mutex->died = true;
}

void mutex_end_worker(struct model *model, unsigned worker)
{
	model_each(model, MODEL_MUTEX, end_one, &worker);
}
