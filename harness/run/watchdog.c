#include "harness/run/watchdog.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"

enum {
	BURNT_MS = 200, /* of a worker's own processor time */
	/*
	 * Looks in a row. Asleep and not once scheduled for a second: nobody
	 * is about to wake it, for nobody else runs either.
	 */
	ASLEEP_LOOKS = 4,
	/* One look may fall between a stop and its continuation. */
	STOPPED_LOOKS = 2,
};

int watchdog_begin(struct watchdog *watchdog, unsigned size)
{
	*watchdog = (struct watchdog){ .size = size };
	watchdog->entry = calloc(size, sizeof(*watchdog->entry));
	return watchdog->entry ? 0 : -ENOMEM;
}

void watchdog_end(struct watchdog *watchdog)
{
	free(watchdog->entry);
	watchdog->entry = NULL;
}

static void look_at(struct watchdog_entry *entry,
                    const struct process_peek *now, bool progress)
{
	bool unmoved = now->switches == entry->last.switches &&
	               now->cpu_ns == entry->last.cpu_ns;

	if (progress)
		entry->cpu_ns = now->cpu_ns;
	entry->stopped = strchr("Tt", now->state) ? entry->stopped + 1 : 0;
	entry->asleep = !progress && unmoved && strchr("SD", now->state)
	                        ? entry->asleep + 1
	                        : 0;
	entry->last = *now;
	if (entry->stopped >= STOPPED_LOOKS)
		entry->looks = FATE_STOPPED;
	else if (entry->asleep >= ASLEEP_LOOKS)
		entry->looks = FATE_ASLEEP;
	else if (now->cpu_ns - entry->cpu_ns >= BURNT_MS * NS_PER_MS)
		entry->looks = FATE_SPINNING;
	else
		entry->looks = FATE_FINISHED;
}

void watchdog_look(struct watchdog *watchdog, struct crew *crew,
                   uint64_t progress)
{
	bool moved = progress != watchdog->progress, stuck = !moved;

	watchdog->progress = progress;
	for (unsigned i = 0; i < crew->started; i++) {
		struct watchdog_entry *entry = &watchdog->entry[i];
		struct process_peek now;

		/* Gone, or on its way: the next crew_wait will tell. */
		if (crew->member[i].pid == 0 ||
		    process_peek(crew->member[i].pid, &now) < 0)
			continue;
		look_at(entry, &now, moved);
		if (entry->looks == FATE_STOPPED)
			crew_kill(crew, i, FATE_STOPPED);
		stuck &= entry->looks != FATE_FINISHED;
	}
	for (unsigned i = 0; i < crew->started && stuck; i++)
		crew_kill(crew, i, watchdog->entry[i].looks);
}
