#include "harness/explore/model/cond_groups.h"

#include "harness/explore/model/wait.h"

enum outcome { NOBODY, SWITCHED, STUCK };

static unsigned char size_of(uint32_t set)
{
	return (unsigned char)__builtin_popcount(set);
}

void cond_groups_join(struct cond_groups *groups, unsigned worker)
{
	groups->second |= wait_bit(worker);
}

static void leave(struct cond_groups *groups, unsigned worker)
{
	uint32_t others = ~wait_bit(worker);

	groups->first &= others;
	groups->second &= others;
	groups->closed &= others;
	groups->asleep &= others;
	/* Nobody could take them now. */
	if (!groups->first)
		groups->signals = 0;
}

bool cond_groups_try_leave(struct cond_groups *groups, unsigned worker)
{
	uint32_t self = wait_bit(worker);
	bool takes = groups->first & self && groups->signals > 0;

	if (!takes && !(groups->closed & self)) {
		groups->asleep |= self;
		return false;
	}
	groups->signals -= takes;
	leave(groups, worker);
	return true;
}

/* __condvar_quiesce_and_switch_g1 */
static enum outcome switch_groups(struct cond_groups *groups)
{
	uint32_t sleepers = groups->first & groups->asleep;

	if (!groups->second)
		return NOBODY;
	groups->closed |= groups->first & ~sleepers;
	groups->first = sleepers;
	if (sleepers) {
		groups->stuck = true;
		return STUCK;
	}
	groups->first = groups->second;
	groups->second = 0;
	groups->unsignalled = size_of(groups->first);
	groups->signals = 0;
	return SWITCHED;
}

/* To ALL of the group, or to one. */
static void send(struct cond_groups *groups, bool all)
{
	unsigned char count = all ? groups->unsignalled : 1;

	groups->unsignalled = (unsigned char)(groups->unsignalled - count);
	groups->signals = (unsigned char)(groups->signals + count);
}

bool cond_groups_signal(struct cond_groups *groups)
{
	enum outcome outcome = SWITCHED;

	if (groups->stuck)
		return false;
	if (groups->unsignalled == 0)
		outcome = switch_groups(groups);
	if (outcome == SWITCHED)
		send(groups, false);
	return outcome != STUCK;
}

bool cond_groups_broadcast(struct cond_groups *groups)
{
	enum outcome outcome;

	if (groups->stuck)
		return false;
	send(groups, true);
	outcome = switch_groups(groups);
	if (outcome == SWITCHED)
		send(groups, true);
	return outcome != STUCK;
}

/* __condvar_cancel_waiting: a signal meant for it goes to somebody else. */
bool cond_groups_time_out(struct cond_groups *groups, unsigned worker)
{
	bool first = groups->first & wait_bit(worker);
	bool consumed = first && groups->unsignalled == 0;

	groups->asleep &= ~wait_bit(worker);
	if (groups->stuck)
		return false;
	if (first && !consumed)
		groups->unsignalled--;
	leave(groups, worker);
	return !consumed || cond_groups_signal(groups);
}
