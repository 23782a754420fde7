/*
 * The twin of sync/child.h for explored builds, found before it: there is one
 * process only, and nobody sends signals, so what a child would do is done here.
 */
#ifndef SYNC_CHILD_H
#define SYNC_CHILD_H

static inline int child_run(void (*body)(void *argument), void *argument)
{
	body(argument);
	return 0;
}

#endif
