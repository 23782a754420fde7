#include "harness/cmd/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/random.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/progress.h"
#include "harness/record/jsonl.h"
#include "harness/record/record.h"
#include "harness/run/control.h"
#include "harness/run/plan.h"
#include "harness/run/run.h"
#include "harness/run/sharing.h"

struct session {
	const struct run_spec *spec;
	const struct session_options *options;
	struct archive *archive;
	char uuid[RANDOM_UUID];
	struct jsonl file, out; /* -1: not wanted */
	struct run run;
	struct plan plan;
	struct progress progress;
	double timer_ns, ticks_ns;
	unsigned trials;
	int status;
	/* That could not be set up here, or share nothing: not tried again. */
	const struct sync_strategy **failed;
	size_t failed_count;
};

static void worsen(struct session *session, int status)
{
	session->status = status_worse(session->status, status);
}

/* Takes RECORD. Returns 0, or -errno where a place could not be written. */
static int keep(struct session *session, json_t *record)
{
	struct complaint complaint = { 0 };
	int err = 0;

	if (!record) {
		worsen(session, say_error("record", -ENOMEM, STATUS_RESOURCE));
		return -ENOMEM;
	}
	if (session->file.fd >= 0)
		err = jsonl_append(&session->file, record);
	if (err)
		worsen(session,
		       say_error(session->options->output, err, STATUS_OUTPUT));
	if (!err && session->out.fd >= 0) {
		err = jsonl_append(&session->out, record);
		if (err) {
			worsen(session, say_lost_output(err));
			session->out.fd = -1; /* the end is for the file only */
		}
	}
	if (!err) {
		err = archive_add(session->archive, record, &complaint);
		if (err)
			worsen(session,
			       say_error("record", err, STATUS_RESOURCE));
	}
	json_decref(record);
	return err;
}

/* "spread", or "same,spread" where there are several. */
static void name_pins(const struct run_spec *spec, char *text, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < spec->pins_count; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s",
		                         i ? "," : "",
		                         run_pin_name(spec->pins[i]));
}

static int keep_first(struct session *session)
{
	const struct run_spec *spec = session->spec;
	const char **names = calloc(spec->strategies_count, sizeof(*names));
	char pins[64], perf[COUNTERS_WHY];
	struct record_spec said = {
		.strategies = names,
		.strategies_count = spec->strategies_count,
		.workers = spec->workers,
		.workers_count = spec->workers_count,
		.time_ns = spec->time_ns,
		.count = spec->count,
		.trials = spec->trials,
		.pin = pins,
		.as = run_as_name(spec->as),
		.memory = arena_family_name(spec->memory),
		.inside_ns = spec->inside_ns,
		.insides_count = spec->insides_count,
		.outside_ns = spec->outside_ns,
		.outsides_count = spec->outsides_count,
		.cpus = spec->cpus.cpu,
		.cpus_count = spec->cpus.count,
		.seed = spec->seed,
		.perf = spec->where ? counters_probe(perf) : NULL,
	};
	struct complaint complaint = { 0 };
	struct host host;
	int err;

	name_pins(spec, pins, sizeof(pins));
	if (!names) {
		worsen(session, say_error("record", -ENOMEM, STATUS_RESOURCE));
		return -ENOMEM;
	}
	for (size_t i = 0; i < spec->strategies_count; i++)
		names[i] = spec->strategies[i]->name;
	/* First the noise of others, then what we measure ourselves. */
	host_probe(&host);
	session->timer_ns = host.timer_ns = control_timer_ns();
	session->ticks_ns = control_ticks_ns(run_ns_per_tick(&session->run));
	err = control_parallelism(&session->run, &host.parallelism, &complaint);
	if (!err)
		err = keep(session,
		           record_run(session->uuid, (int64_t)time(NULL), &host,
		                      &said));
	else if (err != -EINTR)
		worsen(session, say_complaint(&complaint, STATUS_RESOURCE));
	free(names);
	return err;
}

/* The empty loop with each number of workers. */
static int keep_controls(struct session *session, unsigned block)
{
	struct complaint complaint = { 0 };
	int err = 0;

	for (size_t i = 0; i < session->spec->workers_count && !err; i++) {
		unsigned workers = session->spec->workers[i];
		double ns;

		err = control_empty_ns(&session->run, workers, &ns, &complaint);
		if (err && err != -EINTR)
			worsen(session,
			       say_complaint(&complaint, STATUS_RESOURCE));
		if (!err)
			err = keep(session,
			           record_control(session->uuid, block, workers,
			                          ns, control_timer_ns()));
	}
	return err;
}

static bool has_failed(const struct session *session,
                       const struct sync_strategy *strategy)
{
	for (size_t i = 0; i < session->failed_count; i++) {
		if (session->failed[i] == strategy)
			return true;
	}
	return false;
}

static void leave_out(struct session *session,
                      const struct sync_strategy *strategy, int err,
                      const struct complaint *complaint)
{
	int status = STATUS_RESOURCE;

	if (err == -EXDEV)
		status = STATUS_WORKER;
	else if (run_impossible_here(err))
		status = STATUS_IMPOSSIBLE;
	progress_end(&session->progress); /* off the same line */
	session->failed[session->failed_count++] = strategy;
	worsen(session, say_complaint(complaint, status));
}

/* Before anything is timed: what is not shared is not worth it. */
static int check_sharing(struct session *session)
{
	const struct run_spec *spec = session->spec;
	unsigned most = spec->workers[spec->workers_count - 1];
	int err = 0;

	for (size_t i = 0; i < spec->strategies_count && err != -EINTR; i++) {
		const struct sync_strategy *strategy = spec->strategies[i];
		struct complaint complaint = { 0 };

		if (most < 2 || run_strategy_workers_max(strategy) < 2)
			continue;
		err = sharing_check(&session->run, strategy, &complaint);
		if (err && err != -EINTR)
			leave_out(session, strategy, err, &complaint);
	}
	return err == -EINTR ? err : 0;
}

static json_t *record_of(const struct session *session,
                         const struct plan_item *item,
                         const struct run_result *result,
                         const struct run_measures *measures)
{
	struct record_place place = { session->uuid, item->number,
		                      item->block };

	if (item->trial.latency)
		return record_latency(&place, result, measures,
		                      session->ticks_ns);
	if (item->trial.watched)
		return record_rollback(&place, result, measures);
	return record_trial(&place, result, measures);
}

static int keep_trial(struct session *session, const struct plan_item *item)
{
	struct complaint complaint = { 0 };
	struct run_measures measures;
	struct run_result *result;
	int err = run_trial(&session->run, &item->trial, &result, &complaint);

	if (err == -EINTR)
		return err;
	if (err) {
		leave_out(session, item->trial.strategy, err, &complaint);
		return 0; /* the others may still go */
	}
	measures = run_measure(result);
	if (!measures.valid && measures.surplus == 0)
		worsen(session, STATUS_WORKER);
	err = keep(session, record_of(session, item, result, &measures));
	session->trials += !err;
	free(result);
	return err;
}

/* Before the first trial of a block. */
static bool has_enough(struct session *session, unsigned block)
{
	const struct session_options *options = session->options;

	return block > 1 && options->go_on &&
	       !options->go_on(options->context, session->archive, block - 1);
}

static void run_plan(struct session *session)
{
	struct plan_item item;
	char doing[64];
	int err = check_sharing(session);

	while (!err && plan_next(&session->plan, &item)) {
		if (item.first_of_block && has_enough(session, item.block))
			return;
		(void)snprintf(doing, sizeof(doing), "%s, %u worker%s",
		               item.trial.strategy->name, item.trial.workers,
		               item.trial.workers == 1 ? "" : "s");
		progress_step(&session->progress, doing);
		if (item.first_of_block)
			err = keep_controls(session, item.block);
		if (!err && !has_failed(session, item.trial.strategy))
			err = keep_trial(session, &item);
	}
}

static void keep_last(struct session *session)
{
	int signal = session->run.signals.caught;

	if (signal)
		worsen(session, 128 + signal);
	(void)keep(session,
	           record_end(session->uuid, (int64_t)time(NULL),
	                      session->status, session->trials, signal));
}

/* Before anything runs: what could not be kept need not be measured. */
static int open_output(struct session *session)
{
	const char *path = session->options->output;
	int err;

	session->file = (struct jsonl){ .fd = -1 };
	session->out = jsonl_to(session->options->json ? STDOUT_FILENO : -1);
	if (!path)
		return 0;
	err = jsonl_open(&session->file, path);
	if (err)
		worsen(session, say_error(path, err, STATUS_OUTPUT));
	return err;
}

static void close_output(struct session *session)
{
	int err = jsonl_close(&session->file);

	if (err)
		worsen(session,
		       say_error(session->options->output, err, STATUS_OUTPUT));
}

static int begin(struct session *session)
{
	struct complaint complaint = { 0 };
	int err;

	err = run_begin(&session->run, session->spec, &complaint);
	if (err) {
		worsen(session,
		       say_complaint(&complaint, run_impossible_here(err)
		                                         ? STATUS_IMPOSSIBLE
		                                         : STATUS_RESOURCE));
		return err;
	}
	session->failed = calloc(session->spec->strategies_count,
	                         sizeof(*session->failed));
	err = session->failed ? plan_begin(&session->plan, session->spec)
	                      : -ENOMEM;
	if (err)
		worsen(session, say_error("planning", err, STATUS_RESOURCE));
	return err;
}

int session_run(const struct run_spec *spec,
                const struct session_options *options, struct archive *archive)
{
	struct session session = { .spec = spec,
		                   .options = options,
		                   .archive = archive };

	random_uuid(session.uuid);
	if (open_output(&session) != 0)
		return session.status;
	if (begin(&session) == 0) {
		progress_begin(&session.progress, plan_size(&session.plan),
		               options->progress);
		if (keep_first(&session) == 0) {
			run_plan(&session);
			keep_last(&session);
		} else if (session.run.signals.caught) {
			worsen(&session, 128 + session.run.signals.caught);
		}
		progress_end(&session.progress);
	}
	run_end(&session.run);
	plan_end(&session.plan);
	free(session.failed);
	close_output(&session);
	return session.status;
}
