/*
 * A POSIX named semaphore. The name exists only from sem_open to sem_unlink, a
 * moment before the first fork: after that the workers hold the semaphore by
 * inheritance, and nothing is left in /dev/shm however they end. O_EXCL refuses
 * a name that somebody else has put there; another name is tried.
 *
 * glibc builds a new semaphore under a temporary name that it tells nobody.
 * Whoever were killed in between would leave it behind; so a child in a session
 * of its own, out of reach of a signal to us, makes it and is gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "sync/child.h"
#include "sync/sem.h"
#include "sync/sync.h"

enum { TRIES = 16 };

struct posix_sem {
	sem_t *sem; /* the same address in every child: fork keeps mappings */
	bool named; /* the name exists and is ours */
	int err;    /* of the child that makes it */
	char name[48]; /* "/racelab-PID-RANDOM" */
};

static int posix_sem_name(struct posix_sem *this)
{
	uint64_t random;

	/* At most 256 bytes are never interrupted: getrandom(2). */
	if (getrandom(&random, sizeof(random), 0) < 0)
		return -errno;
	(void)snprintf(this->name, sizeof(this->name), "/racelab-%ld-%016llx",
	               (long)getppid(), (unsigned long long)random);
	return 0;
}

/* In the child. */
static int posix_sem_make(struct posix_sem *this)
{
	int err = 0;

	for (int try = 0; try < TRIES; try++) {
		err = posix_sem_name(this);
		if (err)
			return err;
		this->named = sem_open(this->name, O_CREAT | O_EXCL, 0600,
		                       1u) != SEM_FAILED;
		if (this->named)
			return 0;
		err = -errno;
		if (err != -EEXIST)
			return err;
	}
	return err;
}

static void posix_sem_child(void *argument)
{
	struct posix_sem *this = argument;

	this->err = posix_sem_make(this);
}

static int posix_sem_make_by_child(struct posix_sem *this)
{
	int err = child_run(posix_sem_child, this);

	if (err)
		return err;
	if (this->err)
		return this->err;
	return this->named ? 0 : -ECHILD; /* it was killed */
}

static int posix_sem_init(void *shared, unsigned workers)
{
	struct posix_sem *this = shared;
	sem_t *sem;
	int err;

	(void)workers;
	err = posix_sem_make_by_child(this);
	if (err)
		return err;
	sem = sem_open(this->name, 0);
	if (sem == SEM_FAILED)
		return -errno;
	this->sem = sem;
	if (sem_unlink(this->name) < 0)
		return -errno;
	this->named = false;
	return 0;
}

static void posix_sem_destroy(void *shared)
{
	struct posix_sem *this = shared;

	/* Nothing could be done about a failure of either. */
	if (this->named)
		(void)sem_unlink(this->name);
	if (this->sem)
		(void)sem_close(this->sem);
	this->named = false;
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
