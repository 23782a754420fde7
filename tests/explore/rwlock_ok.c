/*
 * A pthread read-write lock: two readers may be inside together, and the writer
 * is alone.
 *
 * sc: exact
 * tso: exact
 */
#include <pthread.h>
#include <racelab.h>

struct rwlock_ok {
	pthread_rwlock_t lock;
	int left, right;
	int torn[3];
};

static int rwlock_ok_init(void *shared, unsigned workers)
{
	struct rwlock_ok *this = shared;
	pthread_rwlockattr_t attr;

	(void)workers;
	(void)pthread_rwlockattr_init(&attr);
	(void)pthread_rwlockattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	(void)pthread_rwlock_init(&this->lock, &attr);
	return 0;
}

static void rwlock_ok_worker(struct sync_ctx *ctx)
{
	struct rwlock_ok *this = ctx->shared;

	if (ctx->self == 0) {
		(void)pthread_rwlock_wrlock(&this->lock);
		this->left++;
		this->right++;
	} else {
		(void)pthread_rwlock_rdlock(&this->lock);
		this->torn[ctx->self] = this->left != this->right;
	}
	(void)pthread_rwlock_unlock(&this->lock);
}

static const char *rwlock_ok_check(const void *shared, unsigned workers)
{
	const struct rwlock_ok *this = shared;

	for (unsigned i = 1; i < workers; i++) {
		if (this->torn[i])
			return "a reader saw half a change";
	}
	return NULL;
}

PROGRAM(rwlock_ok) = {
	.summary = "a read-write lock",
	.workers = 3,
	.shared_size = sizeof(struct rwlock_ok),
	.init = rwlock_ok_init,
	.worker = rwlock_ok_worker,
	.check = rwlock_ok_check,
};
