#include "harness/run/carrier.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* The slot of this thread's worker. */
static _Thread_local struct slot *own;

/* Notes whose fault it is; then the signal does what it always does. */
static void note_fatal(int signal)
{
	if (own)
		own->fatal = signal;
	(void)raise(signal);
}

/* Those that a thread brings upon itself. These calls cannot fail. */
static void note_fatal_signals(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS,  SIGILL, SIGFPE,
		                       SIGABRT, SIGTRAP, SIGSYS };
	struct sigaction note = {
		.sa_handler = note_fatal,
		.sa_flags = (int)(SA_NODEFER | SA_RESETHAND),
	};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		(void)sigaction(signals[i], &note, NULL);
}

/* Also where a strategy has called pthread_exit. */
static void leave(void *argument)
{
	struct slot *slot = argument;

	slot->left = true;
	if (!slot->started)
		_exit(0);
}

static void *thread_main(void *argument)
{
	struct worker *worker = argument;

	own = worker->slot;
	__atomic_store_n(&own->tid, gettid(), __ATOMIC_RELAXED);
	pthread_cleanup_push(leave, worker->slot);
	worker_main(worker);
	pthread_cleanup_pop(1);
	return NULL;
}

static int make(pthread_t *thread, void *(*body)(void *), void *argument)
{
	pthread_attr_t attributes;
	int err = pthread_attr_init(&attributes);

	if (err)
		return -err;
	err = pthread_attr_setstacksize(&attributes, CARRIER_STACK_KB << 10);
	if (!err)
		err = pthread_create(thread, &attributes, body, argument);
	(void)pthread_attr_destroy(&attributes);
	return -err;
}

void carrier_main(void *argument)
{
	const struct carrier *carrier = argument;
	struct worker *worker = calloc(carrier->workers, sizeof(*worker));
	pthread_t *thread = calloc(carrier->workers, sizeof(*thread));
	int err = worker && thread ? 0 : -ENOMEM;

	note_fatal_signals();
	for (unsigned i = 0; i < carrier->workers && worker; i++) {
		worker[i] = carrier->worker_of(carrier->stage, i);
		if (!err)
			err = make(&thread[i], thread_main, &worker[i]);
		worker[i].slot->unborn = err;
		if (err)
			_exit(0);
	}
	for (unsigned i = 0; i < carrier->workers && worker; i++)
		(void)pthread_join(thread[i], NULL);
	free(thread);
	free(worker);
}
