#include "harness/cmd/ipc_session.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/text.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/progress.h"
#include "harness/ipc/pattern.h"
#include "harness/record/jsonl.h"
#include "harness/record/record.h"
#include "harness/run/control.h"
#include "harness/run/limits.h"

struct ipc_session {
	const struct ipc_spec *spec;
	const struct session_options *options;
	struct archive *archive;
	char uuid[RANDOM_UUID];
	struct jsonl file, out; /* -1: not wanted */
	struct ipc ipc;
	struct ipc_plan plan;
	struct progress progress;
	unsigned trials;
	int status;
	/* That could not be set up here: not tried again. */
	const struct ipc_channel *failed[IPC_CHANNELS_MAX];
	size_t failed_count;
};

static void worsen(struct ipc_session *session, int status)
{
	session->status = status_worse(session->status, status);
}

static int put(struct ipc_session *session, const json_t *record)
{
	int err = 0;

	if (session->file.fd >= 0)
		err = jsonl_append(&session->file, record);
	if (err) {
		worsen(session,
		       say_error(session->options->output, err, STATUS_OUTPUT));
		return err;
	}
	if (session->out.fd >= 0)
		err = jsonl_append(&session->out, record);
	if (err) {
		worsen(session, say_lost_output(err));
		session->out.fd = -1; /* the end is for the file only */
	}
	return err;
}

/* Takes RECORD. Returns 0, or -errno where a place could not be written. */
static int keep(struct ipc_session *session, json_t *record)
{
	struct complaint complaint = { 0 };
	int err;

	if (!record) {
		worsen(session, say_error("record", -ENOMEM, STATUS_RESOURCE));
		return -ENOMEM;
	}
	err = put(session, record);
	if (!err) {
		err = archive_add(session->archive, record, &complaint);
		if (err)
			worsen(session,
			       say_error("record", err, STATUS_RESOURCE));
	}
	json_decref(record);
	return err;
}

static int keep_first(struct ipc_session *session)
{
	const struct ipc_spec *spec = session->spec;
	const char *names[IPC_CHANNELS_MAX];
	struct message_spec said = {
		.channels = names,
		.channels_count = spec->channels_count,
		.bytes = spec->bytes,
		.bytes_count = spec->bytes_count,
		.time_ns = spec->time_ns,
		.trials = spec->trials,
		.pin = spec->pin,
		.cpus = spec->cpu,
		.seed = spec->seed,
	};
	struct host host;

	for (size_t i = 0; i < spec->channels_count; i++)
		names[i] = spec->channels[i]->name;
	host_probe(&host);
	host.timer_ns = control_timer_ns();
	return keep(session,
	            record_message_run(session->uuid, (int64_t)time(NULL),
	                               &host, &said));
}

/* --- the control: a process by itself */

static int keep_alone(struct ipc_session *session,
                      const struct ipc_plan_item *item, unsigned bytes)
{
	struct message message = {
		.trial = item->number,
		.block = item->block,
		.channel = "none",
		.bytes = bytes,
		.mode = MESSAGE_ALONE,
		.valid = true,
		.fate = "finished",
		.p50 = NAN,
		.p90 = NAN,
		.p99 = NAN,
		.p999 = NAN,
		.max = NAN,
	};
	void *buffer = malloc(bytes);

	if (!buffer) {
		worsen(session, say_error("memory", -ENOMEM, STATUS_RESOURCE));
		return -ENOMEM;
	}
	message.mb_per_s = pattern_mb_per_s(buffer, bytes);
	message.messages_per_s = message.mb_per_s * 1e6 / bytes;
	free(buffer);
	return keep(session, record_message(session->uuid, &message));
}

static int keep_controls(struct ipc_session *session,
                         const struct ipc_plan_item *item)
{
	int err = 0;

	for (size_t i = 0; i < session->spec->bytes_count && !err; i++)
		err = keep_alone(session, item, session->spec->bytes[i]);
	return err;
}

/* --- the measurements */

static bool has_failed(const struct ipc_session *session,
                       const struct ipc_channel *channel)
{
	for (size_t i = 0; i < session->failed_count; i++) {
		if (session->failed[i] == channel)
			return true;
	}
	return false;
}

static struct message message_of(const struct ipc_plan_item *item,
                                 const struct ipc_result *result)
{
	struct message message = {
		.trial = item->number,
		.block = item->block,
		.bytes = item->order.bytes,
		.mode = item->order.mode == IPC_LATENCY ? MESSAGE_LATENCY
		                                        : MESSAGE_THROUGHPUT,
		.valid = result->valid,
		.messages = result->messages,
		.pieces = result->pieces,
		.elapsed_ns = result->elapsed_ns,
		.p50 = result->p50,
		.p90 = result->p90,
		.p99 = result->p99,
		.p999 = result->p999,
		.max = result->max,
		.mb_per_s = result->mb_per_s,
		.messages_per_s = result->messages_per_s,
		.cpu_ns = result->cpu_ns,
		.voluntary = result->voluntary,
		.involuntary = result->involuntary,
	};

	(void)snprintf(message.channel, MESSAGE_NAME, "%s",
	               item->order.channel->name);
	(void)snprintf(message.fate, MESSAGE_FATE, "%s", result->fate);
	return message;
}

/* What cannot be made here, or now: its row says why. */
static void give_up(struct ipc_session *session,
                    const struct ipc_channel *channel, int err,
                    struct ipc_result *result)
{
	session->failed[session->failed_count++] = channel;
	(void)snprintf(result->fate, IPC_FATE, "%s: %s",
	               ipc_impossible_here(err) ? "not possible here"
	                                        : "cannot be set up",
	               text_errno(-err));
}

static int keep_item(struct ipc_session *session,
                     const struct ipc_plan_item *item)
{
	struct complaint complaint = { 0 };
	struct ipc_result result;
	struct message message;
	int status = STATUS_WORKER;
	int err = ipc_measure(&session->ipc, &item->order, &result, &complaint);

	if (err == -EINTR)
		return err;
	if (err) {
		status = ipc_impossible_here(err) ? STATUS_IMPOSSIBLE
		                                  : STATUS_RESOURCE;
		give_up(session, item->order.channel, err, &result);
	}
	if (!result.valid) {
		progress_end(&session->progress); /* off the same line */
		worsen(session, say_complaint(&complaint, status));
	}
	message = message_of(item, &result);
	err = keep(session, record_message(session->uuid, &message));
	session->trials += !err;
	return err;
}

static void run_plan(struct ipc_session *session)
{
	struct ipc_plan_item item;
	char doing[64];
	int err = 0;

	while (!err && ipc_plan_next(&session->plan, &item)) {
		(void)snprintf(doing, sizeof(doing), "%s, %zu bytes",
		               item.order.channel->name, item.order.bytes);
		progress_step(&session->progress, doing);
		if (item.first_of_block)
			err = keep_controls(session, &item);
		if (!err && !has_failed(session, item.order.channel))
			err = keep_item(session, &item);
	}
}

static void keep_last(struct ipc_session *session)
{
	int signal = session->ipc.signals.caught;

	if (signal)
		worsen(session, 128 + signal);
	(void)keep(session,
	           record_end(session->uuid, (int64_t)time(NULL),
	                      session->status, session->trials, signal));
}

static void measure_all(struct ipc_session *session)
{
	struct complaint complaint = { 0 };

	if (limits_allow_pair(&complaint) < 0) {
		worsen(session, say_complaint(&complaint, STATUS_RESOURCE));
		return;
	}
	if (ipc_begin(&session->ipc, &complaint) < 0) {
		worsen(session, say_complaint(&complaint, STATUS_RESOURCE));
	} else if (keep_first(session) == 0) {
		ipc_plan_begin(&session->plan, session->spec);
		progress_begin(&session->progress,
		               ipc_plan_size(&session->plan),
		               session->options->progress);
		run_plan(session);
		progress_end(&session->progress);
		keep_last(session);
	}
	ipc_end(&session->ipc);
}

int ipc_session_run(const struct ipc_spec *spec,
                    const struct session_options *options,
                    struct archive *archive)
{
	struct ipc_session session = { .spec = spec,
		                       .options = options,
		                       .archive = archive,
		                       .file = { .fd = -1 } };
	int err = 0;

	random_uuid(session.uuid);
	session.out = jsonl_to(options->json ? STDOUT_FILENO : -1);
	/* Before anything runs: what could not be kept need not be measured. */
	if (options->output)
		err = jsonl_open(&session.file, options->output);
	if (err)
		return say_error(options->output, err, STATUS_OUTPUT);
	measure_all(&session);
	err = jsonl_close(&session.file);
	if (err)
		worsen(&session,
		       say_error(options->output, err, STATUS_OUTPUT));
	return session.status;
}
