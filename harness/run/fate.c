#include "harness/run/fate.h"

#include <sys/wait.h>

static void set(struct worker_result *result, enum fate fate, int detail)
{
	result->fate = fate;
	result->detail = detail;
}

/* Of a process that ended by itself. */
static void of_process(int status, struct worker_result *result)
{
	if (WIFSIGNALED(status))
		set(result, FATE_KILLED, WTERMSIG(status));
	else
		set(result, FATE_EXITED, WEXITSTATUS(status));
}

/* Of a thread in a process that ended before it did. */
static void of_thread(int status, const struct slot *slot, bool others,
                      struct worker_result *result)
{
	if (!WIFSIGNALED(status) && others && !slot->left)
		set(result, FATE_ABANDONED, 0);
	else if (!WIFSIGNALED(status))
		set(result, FATE_EXITED, WEXITSTATUS(status));
	else if (slot->fatal)
		set(result, FATE_KILLED, slot->fatal);
	else
		set(result, FATE_KILLED_ALL, WTERMSIG(status));
}

static bool has_finished(const struct crew *crew, const struct slot *slot,
                         int status)
{
	if (crew->threads)
		return slot->finished && slot->left;
	return slot->finished && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void fate_find(const struct crew *crew, unsigned worker,
               const struct slot *slot, bool others,
               struct worker_result *result)
{
	int status = crew_member_of(crew, worker)->status;

	if (slot->err)
		set(result, FATE_FAILED, -slot->err);
	else if (has_finished(crew, slot, status))
		set(result, FATE_FINISHED, 0);
	else if (crew->verdict[worker] != FATE_FINISHED)
		set(result, crew->verdict[worker], 0);
	else if (crew->threads)
		of_thread(status, slot, others, result);
	else
		of_process(status, result);
}
