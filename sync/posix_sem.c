/*
 * A POSIX named semaphore. The name exists only from sem_open to sem_unlink, a
 * moment before the first fork: after that the workers hold the semaphore by
 * inheritance, and nothing is left in /dev/shm however they end.
 *
 * A child makes it, as sync/name.h says, for one more reason here: glibc builds a
 * new semaphore under a temporary name that it tells nobody.
 *
 * Use it where processes that are not related must find the lock by a name, or
 * count to more than one. Alone it costs two atomic instructions; contended, a
 * wake-up for whoever sleeps. A holder that is killed keeps what it took.
 */
#include <fcntl.h>
#include "sync/name.h"
#include "sync/sem.h"
#include "sync/sync.h"

struct posix_sem {
	sem_t *sem; /* the same address in every child: fork keeps mappings */
	struct name name;
};

/* In the child. */
static int posix_sem_make(const char *name)
{
	sem_t *sem = sem_open(name, O_CREAT | O_EXCL, 0600, 1u);

	return sem == SEM_FAILED ? -errno : 0;
}

static int posix_sem_init(void *shared, unsigned workers)
{
	struct posix_sem *this = shared;
	sem_t *sem;
	int err;

	(void)workers;
	err = name_make(&this->name, posix_sem_make);
	if (err)
		return err;
	sem = sem_open(this->name.text, 0);
	if (sem == SEM_FAILED)
		return -errno;
	this->sem = sem;
	if (sem_unlink(this->name.text) < 0)
		return -errno;
	this->name.made = false;
	return 0;
}

static void posix_sem_destroy(void *shared)
{
	struct posix_sem *this = shared;

	/* Nothing could be done about a failure of either. */
	if (this->name.made)
		(void)sem_unlink(this->name.text);
	if (this->sem)
		(void)sem_close(this->sem);
	this->name.made = false;
	this->sem = NULL;
}

/* From here on only the semaphore is needed: one load less in each operation. */
static int posix_sem_attach(struct sync_ctx *ctx)
{
	struct posix_sem *this = ctx->shared;

	ctx->shared = this->sem;
	return 0;
}

static int posix_sem_lock(struct sync_ctx *ctx)
{
	return sem_take(ctx->shared);
}

static int posix_sem_unlock(struct sync_ctx *ctx)
{
	return sem_give(ctx->shared);
}

SYNC_STRATEGY(posix_sem) = {
	.summary = "POSIX named semaphore",
	.source = "sem_overview(7)",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS,
	.shared_size = sizeof(struct posix_sem),
	.init = posix_sem_init,
	.attach = posix_sem_attach,
	.destroy = posix_sem_destroy,
	.lock = posix_sem_lock,
	.unlock = posix_sem_unlock,
};
