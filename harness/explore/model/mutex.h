/* Mutexes, as far as other models' fronts need them. */
#ifndef HARNESS_EXPLORE_MODEL_MUTEX_H
#define HARNESS_EXPLORE_MODEL_MUTEX_H

#include <pthread.h>

/* Locks MUTEX again after a wait for a condition. Returns an errno. */
int mutex_lock_again(pthread_mutex_t *mutex, const void *pc);

#endif
