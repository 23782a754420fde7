#include "harness/explore/replay.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "harness/base/text.h"
#include "harness/explore/follow.h"
#include "harness/explore/sandbox.h"
#include "harness/explore/search.h"

enum { SECONDS = 60 };

/* What child and caller share. It begins with what the caller keeps. */
struct job {
	struct replay replay;
	const char *object;
	const char *schedule;
	struct machine_spec spec;
	bool done;
	int err;
	struct complaint complaint;
};

void replay_free(struct replay *replay)
{
	if (replay)
		(void)munmap(replay, sizeof(struct job)); /* it was mapped */
}

/* --- in the child */

static bool follow_one(struct machine *machine, struct move move,
                       struct replay *replay)
{
	struct replay_step *step = &replay->step[replay->count];

	if (replay->count == REPLAY_STEPS || !follow_can(machine, move))
		return false;
	follow_move(machine, move, step);
	replay->digest = follow_digest(replay->digest, step);
	replay->count++;
	return true;
}

static bool follow_stretch(struct machine *machine, struct stretch stretch,
                           struct replay *replay)
{
	const struct worker *worker = &machine->workers[stretch.move.worker];
	bool to_end = stretch.times == SCHEDULE_TO_END;
	bool fits = stretch.move.worker < machine->spec.workers;

	for (unsigned i = 0; fits && (to_end ? worker->now.state == WORKER_READY
	                                     : i < stretch.times);
	     i++)
		fits = follow_one(machine, stretch.move, replay);
	return fits;
}

/* Whether from here nobody gets to an end any more: searched, not believed. */
static bool is_endless(struct machine *machine)
{
	static struct verdict verdict;
	struct explore_spec spec = { .preemptions = EXPLORE_ANY };
	struct search search = { .machine = machine,
		                 .spec = &spec,
		                 .verdict = &verdict,
		                 .budget = { .limit = 256 << 20 },
		                 .deadline_ns = UINT64_MAX };
	struct graph graph;

	if (machine->spec.real || graph_open(&graph, &search.budget) < 0)
		return true;
	search_all(&search, &graph);
	analysis_of(&search, &graph);
	graph_close(&graph);
	for (size_t i = 0; i < verdict.outcomes; i++) {
		if (verdict.outcome[i].kind != VERDICT_LIVELOCK)
			return false;
	}
	return verdict.outcomes > 0;
}

static void follow_all(struct machine *machine, const char *schedule,
                       struct replay *replay)
{
	struct move moves[MACHINE_MOVES];
	struct stretch stretch;
	bool fits = true;

	while (fits && schedule_next(&schedule, &stretch) == 0)
		fits = follow_stretch(machine, stretch, replay);
	replay->unfit = replay->count;
	replay->at_end = machine_moves(machine, moves) == 0;
	replay->fits = fits && (replay->at_end || is_endless(machine));
	replay->outcome = search_outcome(machine, !machine_ended(machine),
	                                 !replay->at_end);
	search_word(machine, &replay->outcome);
}

static void replay_target(struct job *job, const struct target *target)
{
	struct machine machine;

	adaptor_shape_of(target, &job->replay.shape);
	job->err = machine_open(&machine, target, &job->spec);
	if (job->err) {
		complain(&job->complaint, target->name,
		         "no memory to replay it: %s", text_errno(-job->err));
	} else {
		machine_start(&machine);
		follow_all(&machine, job->schedule, &job->replay);
	}
	machine_close(&machine);
}

static void work(void *argument)
{
	struct job *job = argument;
	struct target target;

	job->err = target_load(&target, job->object, &job->complaint);
	if (!job->err)
		job->err = machine_fit(&job->spec, &target, &job->complaint);
	if (!job->err)
		replay_target(job, &target);
	job->done = true;
}

/* --- in the caller */

static void judge_death(struct replay *replay, int status)
{
	replay->outcome.kind = VERDICT_CRASH;
	replay->fits = true;
	replay->at_end = true;
	(void)snprintf(replay->outcome.message, sizeof(replay->outcome.message),
	               "the target took the process down that ran it: %s",
	               WIFSIGNALED(status) ? text_signal(WTERMSIG(status))
	                                   : "it exited");
}

struct replay *replay_run(const char *object, const struct machine_spec *spec,
                          const char *schedule, bool real, int *err,
                          struct complaint *complaint)
{
	struct job *job =
	        mmap(NULL, sizeof(*job), PROT_READ | PROT_WRITE,
	             MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int status = 0;

	if (job == MAP_FAILED) {
		*err = -errno;
		complain(complaint, "replay", "no memory: %s",
		         text_errno(-*err));
		return NULL;
	}
	job->object = object;
	job->schedule = schedule;
	job->spec = *spec;
	job->spec.real = real;
	*err = sandbox_run(work, job, SECONDS, &status);
	if (*err) {
		complain(complaint, "replay", "cannot fork: %s",
		         text_errno(-*err));
	} else {
		*err = job->err;
		*complaint = job->complaint;
		if (!job->done)
			judge_death(&job->replay, status);
	}
	if (*err == 0)
		return &job->replay;
	replay_free(&job->replay);
	return NULL;
}
