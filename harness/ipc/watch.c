#include "harness/ipc/watch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/clock.h"

enum {
	LOOK_MS = 250,
	/*
	 * Of a process's own time. Where spinning sides share a processor, a
	 * turn ends with a time slice of a few milliseconds.
	 */
	BURNT_MS = 500,
	/* In a row. Nobody runs for a second, so nobody is about to wake it. */
	ASLEEP_LOOKS = 4,
	/* One look may fall between a stop and its continuation. */
	STOPPED_LOOKS = 2,
};

static int begin_one(struct watch_one *one, process_body *body,
                     struct talk *talk)
{
	pid_t pid = process_fork(body, talk);

	if (pid < 0)
		return pid;
	one->pid = pid;
	one->pidfd = pidfd_open(pid, 0);
	return one->pidfd < 0 ? -errno : 0;
}

int watch_begin(struct watch *watch, struct talk *talk)
{
	int err;

	*watch = (struct watch){
		.talk = talk,
		.one = { { .pidfd = -1 }, { .pidfd = -1 } },
	};
	err = begin_one(&watch->one[IPC_RECEIVER], talk_receive, talk);
	return err ? err : begin_one(&watch->one[IPC_SENDER], talk_send, talk);
}

static void reap(struct watch_one *one)
{
	one->status = process_reap(one->pid);
	one->pid = 0;
	if (one->pidfd >= 0)
		(void)close(one->pidfd);
	one->pidfd = -1;
}

static void kill_one(struct watch_one *one, enum watch_verdict verdict)
{
	siginfo_t info = { 0 };

	if (one->pid == 0)
		return;
	/* Whether it has ended by itself; it stays to be reaped. */
	(void)waitid(P_PID, (id_t)one->pid, &info, WEXITED | WNOHANG | WNOWAIT);
	if (info.si_pid == 0 && one->verdict == WATCH_NONE)
		one->verdict = verdict;
	/* Not reaped yet, so the pid cannot be another's. */
	(void)kill(one->pid, SIGKILL);
}

void watch_end(struct watch *watch)
{
	for (int i = 0; i < 2; i++)
		kill_one(&watch->one[i], WATCH_ABANDONED);
	for (int i = 0; i < 2; i++) {
		if (watch->one[i].pid)
			reap(&watch->one[i]);
	}
}

static bool ended_well(const struct watch *watch, int side)
{
	const struct talk_side *said = &watch->talk->side[side];

	return said->finished && !said->err && watch->one[side].status == 0;
}

/* --- stuck, or merely slow? By progress and by processor time, never by the
   clock: on a loaded machine a process may not run for seconds. */

static enum watch_verdict look_at(struct watch_one *one,
                                  const struct process_peek *now, bool moved)
{
	bool ran = now->switches != one->last.switches ||
	           now->cpu_ns != one->last.cpu_ns;

	if (moved)
		one->cpu_ns = now->cpu_ns;
	one->stopped = strchr("Tt", now->state) ? one->stopped + 1 : 0;
	one->asleep = !moved && !ran && strchr("SD", now->state)
	                      ? one->asleep + 1
	                      : 0;
	one->last = *now;
	if (one->stopped >= STOPPED_LOOKS)
		return WATCH_STOPPED;
	if (one->asleep >= ASLEEP_LOOKS)
		return WATCH_ASLEEP;
	return now->cpu_ns - one->cpu_ns >= BURNT_MS * NS_PER_MS
	               ? WATCH_SPINNING
	               : WATCH_NONE;
}

static uint64_t progress_of(const struct talk *talk)
{
	uint64_t sum = 0;

	for (int i = 0; i < 2; i++)
		sum += __atomic_load_n(&talk->side[i].done, __ATOMIC_RELAXED);
	/* A long message takes many turns. */
	if (talk->channel->moved)
		sum += talk->channel->moved(talk->there) +
		       talk->channel->moved(talk->back);
	return sum;
}

static void look(struct watch *watch)
{
	uint64_t progress = progress_of(watch->talk);
	bool moved = progress != watch->progress, stuck = true;
	enum watch_verdict verdict[2] = { WATCH_NONE, WATCH_NONE };

	watch->progress = progress;
	for (int i = 0; i < 2; i++) {
		struct watch_one *one = &watch->one[i];
		struct process_peek now;

		/* Gone, or on its way: poll will tell. */
		if (one->pid == 0 || process_peek(one->pid, &now) < 0)
			continue;
		verdict[i] = look_at(one, &now, moved);
		stuck &= verdict[i] != WATCH_NONE;
		if (verdict[i] == WATCH_STOPPED)
			kill_one(one, WATCH_STOPPED);
	}
	for (int i = 0; i < 2 && stuck; i++)
		kill_one(&watch->one[i], verdict[i]);
}

int watch_all(struct watch *watch, struct signals *signals)
{
	uint64_t look_at_ns = clock_now_ns() + LOOK_MS * NS_PER_MS;

	while (watch->one[0].pid || watch->one[1].pid) {
		/* poll passes over a descriptor of -1. */
		struct pollfd events[] = {
			{ .fd = watch->one[0].pidfd, .events = POLLIN },
			{ .fd = watch->one[1].pidfd, .events = POLLIN },
			{ .fd = signals->fd, .events = POLLIN },
		};

		if (poll(events, 3, LOOK_MS) < 0 && errno != EINTR)
			return -errno;
		for (int i = 0; i < 2; i++) {
			/* The other's end may have been its own. */
			if (!(events[i].revents & POLLIN) ||
			    watch->one[i].pid == 0)
				continue;
			reap(&watch->one[i]);
			if (!ended_well(watch, i))
				watch_end(watch);
		}
		signals_take(signals);
		if (signals->caught)
			return -EINTR;
		if (clock_now_ns() < look_at_ns)
			continue;
		look(watch);
		look_at_ns = clock_now_ns() + LOOK_MS * NS_PER_MS;
	}
	return 0;
}
