/*
 * Two readers and a writer after Courtois, Heymans and Parnas 1971: the first
 * reader locks the writer out, the last one lets it in.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <semaphore.h>

struct readers_writers {
	sem_t mutex, room;
	int readers;
	volatile int left, right, torn;
};

static void readers_writers_read(struct readers_writers *this)
{
	(void)sem_wait(&this->mutex);
	if (++this->readers == 1)
		(void)sem_wait(&this->room);
	(void)sem_post(&this->mutex);
	if (this->left != this->right)
		this->torn = 1;
	(void)sem_wait(&this->mutex);
	if (--this->readers == 0)
		(void)sem_post(&this->room);
	(void)sem_post(&this->mutex);
}

static void readers_writers_write(struct readers_writers *this)
{
	(void)sem_wait(&this->room);
	this->left = 1;
	this->right = 1;
	(void)sem_post(&this->room);
}

static int readers_writers_init(void *shared, unsigned workers)
{
	struct readers_writers *this = shared;

	(void)workers;
	(void)sem_init(&this->mutex, 1, 1);
	(void)sem_init(&this->room, 1, 1);
	return 0;
}

static void readers_writers_worker(struct sync_ctx *ctx)
{
	struct readers_writers *this = ctx->shared;

	if (ctx->self == 0)
		readers_writers_write(this);
	else
		readers_writers_read(this);
}

static const char *readers_writers_check(const void *shared, unsigned workers)
{
	const struct readers_writers *this = shared;

	(void)workers;
	return this->torn ? "a reader saw half a change" : NULL;
}

PROGRAM(readers_writers) = {
	.summary = "readers and a writer",
	.workers = 3,
	.shared_size = sizeof(struct readers_writers),
	.init = readers_writers_init,
	.worker = readers_writers_worker,
	.check = readers_writers_check,
};
