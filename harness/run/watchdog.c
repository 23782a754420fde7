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

int watchdog_begin(struct watchdog *watchdog, unsigned workers)
{
	*watchdog = (struct watchdog){ .workers = workers };
	watchdog->entry = calloc(workers, sizeof(*watchdog->entry));
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

/* Whoever does not run yet waits for nothing: unless all of it is stopped. */
static int peek_unborn(pid_t pid, struct process_peek *peek)
{
	int err = process_peek(pid, peek);

	peek->cpu_ns = 0;
	if (!err && !strchr("Tt", peek->state))
		peek->state = 'R';
	return err;
}

static int peek(const struct crew *crew, unsigned worker, pid_t thread,
                struct process_peek *now)
{
	pid_t pid = crew_member_of(crew, worker)->pid;

	/* Gone, or on its way: the next crew_wait will tell. */
	if (pid == 0)
		return -ESRCH;
	if (!crew->threads)
		return process_peek(pid, now);
	return thread ? process_peek_thread(pid, thread, now)
	              : peek_unborn(pid, now);
}

/* All, or those that are stopped; with a thread ends whoever is beside it. */
static void end(const struct watchdog *watchdog, struct crew *crew, bool all)
{
	for (unsigned i = 0; i < watchdog->workers; i++) {
		enum fate looks = watchdog->entry[i].looks;

		if (all || looks == FATE_STOPPED)
			crew_kill(crew, i, looks);
		else if (crew->threads)
			crew_kill(crew, i, FATE_ABANDONED);
	}
}

void watchdog_look(struct watchdog *watchdog, struct crew *crew,
                   uint64_t progress)
{
	bool moved = progress != watchdog->progress, stuck = !moved;
	bool stopped = false;

	watchdog->progress = progress;
	for (unsigned i = 0; i < watchdog->workers; i++) {
		struct watchdog_entry *entry = &watchdog->entry[i];
		struct process_peek now;

		entry->looks = FATE_FINISHED;
		if (peek(crew, i, entry->thread, &now) < 0)
			continue;
		look_at(entry, &now, moved);
		stuck &= entry->looks != FATE_FINISHED;
		stopped |= entry->looks == FATE_STOPPED;
	}
	if (stuck || stopped)
		end(watchdog, crew, stuck);
}
