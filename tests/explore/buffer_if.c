/*
 * A bounded buffer whose consumers look once, and not again after waking up:
 * another consumer may have been faster, and there is nothing to take.
 *
 * sc: violates: taken from an empty buffer
 * tso: violates: taken from an empty buffer
 */
#include <pthread.h>
#include <racelab.h>

struct buffer_if {
	pthread_mutex_t mutex;
	pthread_cond_t filled, emptied;
	int items, taken, wrong;
};

static void buffer_if_put(struct buffer_if *this)
{
	(void)pthread_mutex_lock(&this->mutex);
	while (this->items == 1)
		(void)pthread_cond_wait(&this->emptied, &this->mutex);
	this->items++;
	(void)pthread_cond_signal(&this->filled);
	(void)pthread_mutex_unlock(&this->mutex);
}

static void buffer_if_take(struct buffer_if *this)
{
	(void)pthread_mutex_lock(&this->mutex);
	if (this->items == 0)
		(void)pthread_cond_wait(&this->filled, &this->mutex);
	if (this->items == 0)
		this->wrong = 1;
	else
		this->items--;
	this->taken++;
	(void)pthread_cond_signal(&this->emptied);
	(void)pthread_mutex_unlock(&this->mutex);
}

static int buffer_if_init(void *shared, unsigned workers)
{
	struct buffer_if *this = shared;
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

static void buffer_if_worker(struct sync_ctx *ctx)
{
	struct buffer_if *this = ctx->shared;

	if (ctx->self > 0) {
		buffer_if_take(this);
		return;
	}
	for (unsigned i = 1; i < ctx->workers; i++)
		buffer_if_put(this);
}

static const char *buffer_if_check(const void *shared, unsigned workers)
{
	const struct buffer_if *this = shared;

	if (this->wrong)
		return "taken from an empty buffer";
	return this->taken == (int)workers - 1 ? NULL : "an item is lost";
}

PROGRAM(buffer_if) = {
	.summary = "a bounded buffer with if",
	.workers = 3,
	.shared_size = sizeof(struct buffer_if),
	.init = buffer_if_init,
	.worker = buffer_if_worker,
	.check = buffer_if_check,
};
