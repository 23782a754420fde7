#include "harness/explore/explore.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/explore/follow.h"
#include "harness/explore/sandbox.h"
#include "harness/explore/search.h"
#include "harness/explore/start.h"
#include "harness/target/target.h"

const char *verdict_name(enum verdict_kind kind)
{
	static const char *const names[] = {
		[VERDICT_EXACT] = "exact",
		[VERDICT_CRASH] = "crash",
		[VERDICT_VIOLATES] = "violates",
		[VERDICT_LOST_UPDATE] = "lost-update",
		[VERDICT_DEADLOCK] = "deadlock",
		[VERDICT_LIVELOCK] = "livelock",
		[VERDICT_UNFINISHED] = "unfinished",
	};

	return names[kind];
}

bool verdict_simpler(const struct outcome *a, const struct outcome *b)
{
	if (a->moves == 0 || b->moves == 0)
		return a->moves > b->moves;
	if (a->preemptions != b->preemptions)
		return a->preemptions < b->preemptions;
	return a->moves < b->moves;
}

const struct outcome *verdict_worst(const struct verdict *verdict)
{
	const struct outcome *worst = NULL;

	for (size_t i = 0; i < verdict->outcomes; i++) {
		const struct outcome *outcome = &verdict->outcome[i];

		if (outcome->kind == VERDICT_EXACT)
			continue;
		if (!worst || outcome->kind < worst->kind ||
		    (outcome->kind == worst->kind &&
		     verdict_simpler(outcome, worst)))
			worst = outcome;
	}
	return worst;
}

/* What child and caller share. It begins with what the caller keeps. */
struct job {
	struct verdict verdict;
	const char *object;
	struct explore_spec spec;
	bool done;
	int err;
	struct complaint complaint;
};

void verdict_free(struct verdict *verdict)
{
	if (verdict)
		(void)munmap(verdict, sizeof(struct job)); /* it was mapped */
}

/* --- in the child */

static void search_states(struct search *search)
{
	struct graph graph;

	if (graph_open(&graph, &search->budget) < 0) {
		search->verdict->cut = true;
		return;
	}
	search_all(search, &graph);
	analysis_of(search, &graph);
	graph_close(&graph);
}

/* Memory is spent, but not time: what is left is sampled. */
static void go_on_sampling(struct search *search)
{
	struct verdict *verdict = search->verdict;
	uint64_t before = verdict->executions;

	verdict->cut = false;
	verdict->executions = 0;
	search_walk(search);
	(void)snprintf(verdict->coverage, sizeof(verdict->coverage),
	               "the memory limit of %zu MiB was reached; then %llu "
	               "random executions",
	               search->spec->max_bytes >> 20,
	               (unsigned long long)verdict->executions);
	verdict->executions += before;
	verdict->cut = true;
}

static void describe_coverage(struct search *search)
{
	struct verdict *verdict = search->verdict;
	const struct explore_spec *spec = search->spec;

	if (verdict->coverage[0])
		return;
	if (verdict->complete)
		(void)snprintf(verdict->coverage, sizeof(verdict->coverage),
		               "complete");
	else if (verdict->cut && clock_now_ns() < search->deadline_ns)
		(void)snprintf(verdict->coverage, sizeof(verdict->coverage),
		               "the memory limit of %zu MiB was reached",
		               spec->max_bytes >> 20);
	else if (verdict->cut)
		(void)snprintf(verdict->coverage, sizeof(verdict->coverage),
		               "the time limit of %g s was reached",
		               spec->max_seconds);
	else
		(void)snprintf(verdict->coverage, sizeof(verdict->coverage),
		               "at most %d preemption%s", spec->preemptions,
		               spec->preemptions == 1 ? "" : "s");
}

static void search_by_kind(struct search *search)
{
	struct verdict *verdict = search->verdict;

	if (search->spec->search == SEARCH_ALL)
		search_states(search);
	else if (search->spec->search == SEARCH_EVERY)
		search_every(search);
	else
		search_walk(search);
	if (search->spec->search == SEARCH_ALL && verdict->cut &&
	    !verdict->coverage[0] && clock_now_ns() < search->deadline_ns &&
	    !verdict_worst(verdict))
		go_on_sampling(search);
	describe_coverage(search);
}

/* Witnesses become texts, the verdict's own first. */
static void write_text(struct search *search, const struct start *start,
                       struct outcome *outcome)
{
	struct verdict *verdict = search->verdict;
	char *text = verdict->text + verdict->text_used;
	size_t left = sizeof(verdict->text) - verdict->text_used;

	if (outcome->moves == 0 || outcome->text)
		return;
	start_restore(start);
	if (!follow_text(search->machine, verdict->move + outcome->first,
	                 outcome->moves, text, left, &outcome->digest))
		return;
	outcome->text = verdict->text_used;
	verdict->text_used += strlen(text) + 1;
}

static void write_texts(struct search *search, const struct start *start)
{
	struct verdict *verdict = search->verdict;
	const struct outcome *worst = verdict_worst(verdict);

	verdict->text_used = 1;
	if (worst)
		write_text(search, start,
		           &verdict->outcome[worst - verdict->outcome]);
	for (size_t i = 0; i < verdict->outcomes; i++)
		write_text(search, start, &verdict->outcome[i]);
}

static void conclude(struct verdict *verdict)
{
	const struct outcome *worst = verdict_worst(verdict);

	verdict->kind = VERDICT_EXACT;
	if (worst) {
		verdict->kind = worst->kind;
		verdict->pc = worst->pc;
		(void)snprintf(verdict->message, sizeof(verdict->message), "%s",
		               worst->message);
	} else if (!verdict->complete) {
		verdict->kind = VERDICT_UNFINISHED;
		(void)snprintf(
		        verdict->message, sizeof(verdict->message),
		        "nothing was found wrong, and not everything was "
		        "tried");
	}
}

/*
 * How much of the memory the search may take: afterwards the witnesses are found
 * in a table with a place for each state and each worker that moved last.
 */
static size_t search_bytes(const struct explore_spec *spec)
{
	enum { STATE = 90, PLACE = 40 }; /* bytes, roughly, and of shortest.c */
	size_t places = (size_t)spec->machine.workers + 1;

	return spec->max_bytes / (STATE + PLACE * places) * STATE;
}

static void search_target(struct job *job, const struct target *target)
{
	const struct explore_spec *spec = &job->spec;
	struct machine machine;
	struct start start;
	struct search search = {
		.machine = &machine,
		.spec = spec,
		.verdict = &job->verdict,
		.budget = { .limit = search_bytes(spec) },
	};
	uint64_t begun = clock_now_ns();

	search.deadline_ns =
	        begun + (uint64_t)(spec->max_seconds * (double)NS_PER_SEC);
	job->err = machine_open(&machine, target, &spec->machine);
	if (job->err) {
		complain(&job->complaint, target->name,
		         "no memory to explore it: %s", text_errno(-job->err));
		return;
	}
	machine_start(&machine);
	if (start_save(&start, &machine, &search.budget)) {
		search_by_kind(&search);
		conclude(&job->verdict);
		write_texts(&search, &start);
	} else {
		job->err = -ENOMEM;
	}
	start_free(&start);
	job->verdict.seconds =
	        (double)(clock_now_ns() - begun) / (double)NS_PER_SEC;
	machine_close(&machine);
}

static void work(void *argument)
{
	struct job *job = argument;
	struct machine_spec *machine = &job->spec.machine;
	struct target target;

	job->err = target_load(&target, job->object, &job->complaint);
	if (!job->err)
		job->err = machine_fit(machine, &target, &job->complaint);
	if (!job->err) {
		adaptor_shape_of(&target, &job->verdict.shape);
		job->verdict.workers = machine->workers;
		job->verdict.increments = machine->increments;
		search_target(job, &target);
	}
	job->done = true;
}

/* --- in the caller */

/* The child is gone without a word: what that says about the target. */
static void judge_death(struct verdict *verdict, int status)
{
	int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	verdict->complete = false;
	verdict->kind = VERDICT_CRASH;
	if (signal == SIGXCPU || signal == SIGKILL)
		verdict->kind = VERDICT_UNFINISHED;
	(void)snprintf(verdict->message, sizeof(verdict->message),
	               "the target took the process down that explored it: %s",
	               signal ? text_signal(signal) : "it exited");
	(void)snprintf(verdict->coverage, sizeof(verdict->coverage),
	               "up to there");
}

struct verdict *explore_run(const char *object, const struct explore_spec *spec,
                            int *err, struct complaint *complaint)
{
	struct job *job =
	        mmap(NULL, sizeof(*job), PROT_READ | PROT_WRITE,
	             MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int status;

	*err = job == MAP_FAILED ? -errno : 0;
	if (*err) {
		complain(complaint, "explore", "no memory: %s",
		         text_errno(-*err));
		return NULL;
	}
	job->object = object;
	job->spec = *spec;
	*err = sandbox_run(work, job, spec->max_seconds, &status);
	if (*err) {
		complain(complaint, "explore", "cannot fork: %s",
		         text_errno(-*err));
	} else {
		*err = job->err;
		*complaint = job->complaint;
		if (!job->done)
			judge_death(&job->verdict, status);
	}
	if (*err == 0)
		return &job->verdict;
	verdict_free(&job->verdict);
	return NULL;
}
