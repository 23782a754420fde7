/*
 * Two readers and a writer after Courtois, Heymans and Parnas 1971: the first
 * reader locks the writer out, the last one lets it in. But the readers are
 * counted without a lock.
 *
 * sc: violates: a reader saw half a change
 * tso: violates: a reader saw half a change
 */
#include <racelab.h>
#include <semaphore.h>

struct readers_writers_count {
	sem_t room;
	volatile int readers;
	volatile int left, right, torn;
};

static void readers_writers_count_read(struct readers_writers_count *this)
{
	this->readers = this->readers + 1;
	if (this->readers == 1)
		(void)sem_wait(&this->room);
	if (this->left != this->right)
		this->torn = 1;
	this->readers = this->readers - 1;
	if (this->readers == 0)
		(void)sem_post(&this->room);
}

static void readers_writers_count_write(struct readers_writers_count *this)
{
	(void)sem_wait(&this->room);
	this->left = 1;
	this->right = 1;
	(void)sem_post(&this->room);
}

static int readers_writers_count_init(void *shared, unsigned workers)
{
	struct readers_writers_count *this = shared;

	(void)workers;
	(void)sem_init(&this->room, 1, 1);
	return 0;
}

static void readers_writers_count_worker(struct sync_ctx *ctx)
{
	struct readers_writers_count *this = ctx->shared;

	if (ctx->self == 0)
		readers_writers_count_write(this);
	else
		readers_writers_count_read(this);
}

static const char *readers_writers_count_check(const void *shared,
                                               unsigned workers)
{
	const struct readers_writers_count *this = shared;

	(void)workers;
	return this->torn ? "a reader saw half a change" : NULL;
}

PROGRAM(readers_writers_count) = {
	.summary = "readers and a writer, counted without a lock",
	.workers = 3,
	.shared_size = sizeof(struct readers_writers_count),
	.init = readers_writers_count_init,
	.worker = readers_writers_count_worker,
	.check = readers_writers_count_check,
};
