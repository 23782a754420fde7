/* Taking a record in: what each type must have, and where it goes. */
#include "harness/record/archive.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/record/field.h"
#include "harness/record/record.h"

/*
 * Makes room for one more and returns it zeroed, or NULL. The room doubles each
 * time the count reaches a power of two.
 */
static void *grow(void **items, size_t *count, size_t size)
{
	if ((*count & (*count - 1)) == 0) {
		size_t room = *count ? *count * 2 : 1;
		void *more = reallocarray(*items, room, size);

		if (!more)
			return NULL;
		*items = more;
	}
	return memset((char *)*items + (*count)++ * size, 0, size);
}

/* The run that a record belongs to; it comes before its trials. */
static size_t get_run(struct field *in, const struct archive *archive)
{
	char uuid[ARCHIVE_NAME] = "";

	field_label(in, "run", uuid, sizeof(uuid));
	for (size_t i = archive->runs_count; i-- > 0;) {
		if (strcmp(archive->runs[i].uuid, uuid) == 0)
			return i;
	}
	field_refuse(in, "run", "names a run whose first record is missing");
	return 0;
}

/* Records of before there was more than one point leave out the rest. */
static struct archive_point get_point(struct field *in,
                                      const struct archive *archive, size_t run)
{
	struct archive_point point = { .workers = field_index(in, "workers") };
	const char *pin = field_text(in, "pin");

	field_label(in, "strategy", point.strategy, sizeof(point.strategy));
	if (!pin && archive->runs_count > 0)
		pin = archive_text(&archive->runs[run], "spec", "pin");
	if (pin && (!text_is_label(pin) || strlen(pin) >= sizeof(point.pin)))
		field_refuse(in, "pin", "must be a short name");
	else if (pin)
		(void)snprintf(point.pin, sizeof(point.pin), "%s", pin);
	if (json_object_get(in->object, "inside_ns"))
		point.inside_ns = field_small(in, "inside_ns");
	if (json_object_get(in->object, "outside_ns"))
		point.outside_ns = field_small(in, "outside_ns");
	return point;
}

static int add_run(struct archive *archive, struct field *in, json_t *record)
{
	struct archive_run *run;
	char uuid[ARCHIVE_NAME] = "";

	field_label(in, "run", uuid, sizeof(uuid));
	if (!json_is_object(json_object_get(record, "host")))
		field_refuse(in, "host", "must be an object");
	if (!json_is_object(json_object_get(record, "spec")))
		field_refuse(in, "spec", "must be an object");
	if (in->bad)
		return -EINVAL;
	for (size_t i = 0; i < archive->runs_count; i++) {
		if (strcmp(archive->runs[i].uuid, uuid) == 0) {
			archive->runs[i].repeated = true;
			return 0;
		}
	}
	run = grow((void **)&archive->runs, &archive->runs_count, sizeof(*run));
	if (!run)
		return -ENOMEM;
	memcpy(run->uuid, uuid, sizeof(uuid));
	run->record = json_incref(record);
	return 0;
}

static int add_control(struct archive *archive, struct field *in)
{
	struct archive_control control = {
		.run = get_run(in, archive),
		.block = field_index(in, "block"),
		.workers = field_index(in, "workers"),
		.empty_ns = field_real(in, "empty_ns_per_increment"),
		.timer_ns = field_real(in, "timer_ns"),
	};
	struct archive_control *place;

	if (in->bad)
		return -EINVAL;
	place = grow((void **)&archive->controls, &archive->controls_count,
	             sizeof(*place));
	if (!place)
		return -ENOMEM;
	*place = control;
	return 0;
}

static struct run_measures get_measures(struct field *in)
{
	struct run_measures measures = {
		.valid = field_boolean(in, "valid"),
		.evidence = field_evidence(in, "evidence"),
		.expected = field_count(in, "expected"),
		.lost = field_count(in, "lost"),
		.elapsed_ns = field_count(in, "elapsed_ns"),
		.ns_per_increment = field_real(in, "ns_per_increment"),
		.window = field_share(in, "window"),
		.overlap = field_share(in, "overlap"),
		.preempted = field_count(in, "preempted"),
		.skew_ns = field_count(in, "skew_ns"),
		.fairness = field_share(in, "fairness"),
	};

	if (measures.lost > measures.expected)
		field_refuse(in, "lost", "is more than was expected");
	if (measures.expected > 0)
		measures.lost_share =
		        (double)measures.lost / (double)measures.expected;
	if (json_object_get(in->object, "surplus"))
		measures.surplus = field_count(in, "surplus");
	return measures;
}

static void add_usage(struct archive_trial *trial, struct field *worker)
{
	trial->user_ns += field_if_there(worker, "user_ns");
	trial->system_ns += field_if_there(worker, "system_ns");
	trial->voluntary += field_if_there(worker, "voluntary_switches");
	trial->involuntary += field_if_there(worker, "involuntary_switches");
	for (enum run_count i = 0; i <= RUN_COUNT_MISSES; i++)
		trial->count[i] += field_if_known(worker, run_count_name(i));
}

static int add_workers(struct archive_trial *trial, struct field *in)
{
	const json_t *workers = json_object_get(in->object, "worker");

	if (json_array_size(workers) != trial->point.workers) {
		field_refuse(in, "worker",
		             "must have as many entries as \"workers\"");
		return -EINVAL;
	}
	trial->done = calloc(trial->point.workers, sizeof(*trial->done));
	if (!trial->done)
		return -ENOMEM;
	for (unsigned i = 0; i < trial->point.workers; i++) {
		struct field worker = {
			.object = json_array_get(workers, i),
			.complaint = in->complaint,
		};
		const char *fate = field_text(&worker, "fate");

		trial->done[i] = field_count(&worker, "done");
		add_usage(trial, &worker);
		in->bad |= worker.bad;
		if (!fate || strcmp(fate, "finished") == 0 || trial->fate[0])
			continue;
		(void)snprintf(trial->fate, FATE_TEXT, "%s", fate);
		trial->fate_worker = i + 1;
	}
	return in->bad ? -EINVAL : 0;
}

/*
 * Whether the machine did something else, too, and what: WHY, where it is not
 * NULL. A record of before that was looked at has no "noise".
 */
static bool get_noisy(struct field *in, char why[RUN_WHY])
{
	struct field noise = {
		.object = json_object_get(in->object, "noise"),
		.complaint = in->complaint,
	};
	const json_t *text = json_object_get(noise.object, "why");
	bool noisy;

	if (!noise.object)
		return false;
	noisy = field_boolean(&noise, "noisy");
	if (!json_is_null(text) && !json_is_string(text))
		field_refuse(&noise, "why", "must be a text or null");
	if (why && noisy && json_is_string(text))
		(void)snprintf(why, RUN_WHY, "%s", json_string_value(text));
	in->bad |= noise.bad;
	return noisy;
}

static bool has_trial(const struct archive *archive,
                      const struct archive_trial *trial)
{
	for (size_t i = 0; i < archive->trials_count; i++) {
		const struct archive_trial *other = &archive->trials[i];

		if (other->run == trial->run && other->trial == trial->trial &&
		    archive_same_point(&other->point, &trial->point))
			return true;
	}
	return false;
}

static int add_trial(struct archive *archive, struct field *in)
{
	size_t run = get_run(in, archive);
	struct archive_trial trial = {
		.run = run,
		.trial = field_index(in, "trial"),
		.point = get_point(in, archive, run),
		.observed = field_count(in, "observed"),
		.measures = get_measures(in),
	};
	struct archive_trial *place;
	int err;

	trial.counter = json_object_get(in->object, "counter")
	                        ? field_count(in, "counter")
	                        : trial.observed;
	trial.noisy = get_noisy(in, trial.why);
	trial.setup_ns = field_real_or_nan(in, "setup_ns");
	trial.reap_ns = field_real_or_nan(in, "reap_ns");
	trial.block = field_index_or(in, "block", trial.trial);
	trial.cpus = field_index_or(in, "cpus", trial.point.workers);
	if (!in->bad && archive->runs[trial.run].repeated &&
	    has_trial(archive, &trial))
		return 0;
	err = in->bad ? -EINVAL : add_workers(&trial, in);
	if (!err) {
		place = grow((void **)&archive->trials, &archive->trials_count,
		             sizeof(*place));
		if (!place)
			err = -ENOMEM;
		else
			*place = trial;
	}
	if (err)
		free(trial.done);
	return err;
}

/* In units of UNIT. */
static int get_bars(struct field *in, double unit, struct archive_bars *bars)
{
	const json_t *list = json_object_get(in->object, "histogram");

	bars->count = json_array_size(list);
	bars->bar = calloc(bars->count + 1, sizeof(*bars->bar));
	if (!bars->bar)
		return -ENOMEM;
	for (size_t i = 0; i < bars->count; i++) {
		const json_t *pair = json_array_get(list, i);
		json_int_t low = json_integer_value(json_array_get(pair, 0));
		json_int_t count = json_integer_value(json_array_get(pair, 1));

		if (low < 0 || count < 1)
			field_refuse(in, "histogram",
			             "must be pairs of counts");
		bars->bar[i].low = (double)low * unit;
		bars->bar[i].count = (uint64_t)count;
	}
	return in->bad ? -EINVAL : 0;
}

static bool has_latency(const struct archive *archive,
                        const struct archive_latency *latency)
{
	for (size_t i = 0; i < archive->latencies_count; i++) {
		const struct archive_latency *other = &archive->latencies[i];

		if (other->run == latency->run &&
		    other->trial == latency->trial &&
		    archive_same_point(&other->point, &latency->point))
			return true;
	}
	return false;
}

static int add_latency(struct archive *archive, struct field *in)
{
	size_t run = get_run(in, archive);
	struct archive_latency latency = {
		.run = run,
		.trial = field_index(in, "trial"),
		.block = field_index(in, "block"),
		.cpus = field_index(in, "cpus"),
		.point = get_point(in, archive, run),
		.valid = field_boolean(in, "valid"),
		.noisy = get_noisy(in, NULL),
		.expected = field_count(in, "expected"),
		.ns_per_increment = field_real(in, "ns_per_increment"),
		.fairness = field_share(in, "fairness"),
		.p50_ns = field_real(in, "p50_ns"),
		.p90_ns = field_real(in, "p90_ns"),
		.p99_ns = field_real(in, "p99_ns"),
		.p999_ns = field_real(in, "p999_ns"),
		.max_ns = field_real(in, "max_ns"),
		.handovers = field_real(in, "handovers"),
		.ticks_ns = field_real(in, "ticks_ns"),
	};
	struct archive_latency *place;
	int err;

	if (!in->bad && archive->runs[run].repeated &&
	    has_latency(archive, &latency))
		return 0;
	err = in->bad ? -EINVAL
	              : get_bars(in, field_real(in, "ns_per_tick"),
	                         &latency.bars);
	if (!err) {
		place = grow((void **)&archive->latencies,
		             &archive->latencies_count, sizeof(*place));
		if (place)
			*place = latency;
		err = place ? 0 : -ENOMEM;
	}
	if (err)
		free(latency.bars.bar);
	return err;
}

static bool has_rollback(const struct archive *archive,
                         const struct archive_rollback *rollback)
{
	for (size_t i = 0; i < archive->rollbacks_count; i++) {
		const struct archive_rollback *other = &archive->rollbacks[i];

		if (other->run == rollback->run &&
		    other->trial == rollback->trial &&
		    archive_same_point(&other->point, &rollback->point))
			return true;
	}
	return false;
}

static int add_rollback(struct archive *archive, struct field *in)
{
	size_t run = get_run(in, archive);
	struct archive_rollback rollback = {
		.run = run,
		.trial = field_index(in, "trial"),
		.point = get_point(in, archive, run),
		.valid = field_boolean(in, "valid"),
		.expected = field_count(in, "expected"),
		.lost = field_count(in, "lost"),
	};
	struct archive_rollback *place;
	int err;

	if (!in->bad && archive->runs[run].repeated &&
	    has_rollback(archive, &rollback))
		return 0;
	err = in->bad ? -EINVAL : get_bars(in, 1, &rollback.bars);
	if (!err) {
		place = grow((void **)&archive->rollbacks,
		             &archive->rollbacks_count, sizeof(*place));
		if (place)
			*place = rollback;
		err = place ? 0 : -ENOMEM;
	}
	if (err)
		free(rollback.bars.bar);
	return err;
}

static bool has_message(const struct archive *archive,
                        const struct archive_message *message)
{
	for (size_t i = 0; i < archive->messages_count; i++) {
		const struct archive_message *other = &archive->messages[i];

		if (other->run == message->run &&
		    other->message.trial == message->message.trial &&
		    other->message.block == message->message.block &&
		    other->message.mode == message->message.mode &&
		    other->message.bytes == message->message.bytes)
			return true;
	}
	return false;
}

static int add_message(struct archive *archive, struct field *in)
{
	struct archive_message message = { .run = get_run(in, archive) };
	struct archive_message *place;

	if (in->bad ||
	    message_read(&message.message, in->object, in->complaint) < 0)
		return -EINVAL;
	if (archive->runs[message.run].repeated &&
	    has_message(archive, &message))
		return 0;
	place = grow((void **)&archive->messages, &archive->messages_count,
	             sizeof(*place));
	if (!place)
		return -ENOMEM;
	*place = message;
	return 0;
}

int archive_add(struct archive *archive, json_t *record,
                struct complaint *complaint)
{
	struct field in = { .object = record, .complaint = complaint };
	const char *type = json_string_value(json_object_get(record, "type"));
	uint64_t schema = field_count(&in, "schema");

	if (!type)
		field_refuse(&in, "type", "must be a text");
	if (!in.bad && schema > RECORD_SCHEMA)
		field_refuse(&in, "schema", "is newer than this racelab");
	if (in.bad || !type)
		return -EINVAL;
	if (strcmp(type, "run") == 0)
		return add_run(archive, &in, record);
	if (strcmp(type, "control") == 0)
		return add_control(archive, &in);
	if (strcmp(type, "trial") == 0)
		return add_trial(archive, &in);
	if (strcmp(type, "message") == 0)
		return add_message(archive, &in);
	if (strcmp(type, "latency") == 0)
		return add_latency(archive, &in);
	if (strcmp(type, "rollback") == 0)
		return add_rollback(archive, &in);
	return 0;
}
