/*
 * A bounded buffer with room for one item, one producer and two consumers. Who
 * waits for an item looks again after waking up: another consumer may have been
 * faster.
 *
 * sc: exact
 * tso: exact
 */
#include <pthread.h>
#include <racelab.h>

struct buffer_while {
	pthread_mutex_t mutex;
	pthread_cond_t filled, emptied;
	int items, taken, wrong;
};

static void buffer_while_put(struct buffer_while *this)
{
	(void)pthread_mutex_lock(&this->mutex);
	while (this->items == 1)
		(void)pthread_cond_wait(&this->emptied, &this->mutex);
	this->items++;
	(void)pthread_cond_signal(&this->filled);
	(void)pthread_mutex_unlock(&this->mutex);
}

static void buffer_while_take(struct buffer_while *this)
{
	(void)pthread_mutex_lock(&this->mutex);
	while (this->items == 0)
		(void)pthread_cond_wait(&this->filled, &this->mutex);
	if (this->items == 0)
		this->wrong = 1;
	else
		this->items--;
	this->taken++;
	(void)pthread_cond_signal(&this->emptied);
	(void)pthread_mutex_unlock(&this->mutex);
}

static int buffer_while_init(void *shared, unsigned workers)
{
	struct buffer_while *this = shared;
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;

	(void)workers;
	(void)pthread_mutexattr_init(&mutex);
	(void)pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	(void)pthread_mutex_init(&this->mutex, &mutex);
	(void)pthread_condattr_init(&cond);
	(void)pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
	(void)pthread_cond_init(&this->filled, &cond);
	(void)pthread_cond_init(&this->emptied, &cond);
	return 0;
}

static void buffer_while_worker(struct sync_ctx *ctx)
{
	struct buffer_while *this = ctx->shared;

	if (ctx->self > 0) {
		buffer_while_take(this);
		return;
	}
	for (unsigned i = 1; i < ctx->workers; i++)
		buffer_while_put(this);
}

static const char *buffer_while_check(const void *shared, unsigned workers)
{
	const struct buffer_while *this = shared;

	if (this->wrong)
		return "taken from an empty buffer";
	return this->taken == (int)workers - 1 ? NULL : "an item is lost";
}

PROGRAM(buffer_while) = {
	.summary = "a bounded buffer with while",
	.workers = 3,
	.shared_size = sizeof(struct buffer_while),
	.init = buffer_while_init,
	.worker = buffer_while_worker,
	.check = buffer_while_check,
};
