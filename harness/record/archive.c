#include "harness/record/archive.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/record/record.h"

void archive_free(struct archive *archive)
{
	for (size_t i = 0; i < archive->runs_count; i++)
		json_decref(archive->runs[i].record);
	for (size_t i = 0; i < archive->trials_count; i++)
		free(archive->trials[i].done);
	for (size_t i = 0; i < archive->latencies_count; i++)
		free(archive->latencies[i].bars.bar);
	for (size_t i = 0; i < archive->rollbacks_count; i++)
		free(archive->rollbacks[i].bars.bar);
	free(archive->latencies);
	free(archive->rollbacks);
	free(archive->runs);
	free(archive->trials);
	free(archive->controls);
	free(archive->messages);
	*archive = (struct archive){ 0 };
}

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

/* More workers or trials than any run has. */
static const uint64_t index_max = INT32_MAX;

/* --- what a record must be ------------------------------------------------ */

struct field {
	const json_t *object;
	struct complaint *complaint;
	bool bad; /* something was wrong: said so once */
};

static void refuse(struct field *in, const char *key, const char *why)
{
	if (!in->bad)
		complain(in->complaint, "record", "\"%s\" %s", key, why);
	in->bad = true;
}

static uint64_t get_count(struct field *in, const char *key)
{
	const json_t *value = json_object_get(in->object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0) {
		refuse(in, key, "must be a whole number of at least 0");
		return 0;
	}
	return (uint64_t)json_integer_value(value);
}

static unsigned get_index(struct field *in, const char *key)
{
	uint64_t value = get_count(in, key);

	if (value < 1 || value > index_max) {
		refuse(in, key, "must be a whole number of at least 1");
		return 1;
	}
	return (unsigned)value;
}

static unsigned get_small(struct field *in, const char *key)
{
	uint64_t value = get_count(in, key);

	if (value > index_max) {
		refuse(in, key, "is too large");
		return 0;
	}
	return (unsigned)value;
}

/* NAN for null: not known. */
static double get_real(struct field *in, const char *key)
{
	const json_t *value = json_object_get(in->object, key);

	if (json_is_null(value))
		return NAN;
	if (!json_is_number(value) || json_number_value(value) < 0) {
		refuse(in, key, "must be a number of at least 0, or null");
		return 0;
	}
	return json_number_value(value);
}

static double get_share(struct field *in, const char *key)
{
	double value = get_real(in, key);

	if (!(value >= 0 && value <= 1.000001)) {
		refuse(in, key, "must be a number from 0 to 1");
		return 0;
	}
	return value;
}

static void get_label(struct field *in, const char *key,
                      char label[ARCHIVE_NAME])
{
	const char *text = json_string_value(json_object_get(in->object, key));

	if (!text || !text_is_label(text))
		refuse(in, key,
		       "must be a name of letters, digits and ._-, at most 64");
	else
		(void)snprintf(label, ARCHIVE_NAME, "%s", text);
}

/* NULL where there is none. */
static const char *get_text(struct field *in, const char *key)
{
	const json_t *value = json_object_get(in->object, key);

	if (value && !json_is_string(value))
		refuse(in, key, "must be a text");
	return json_string_value(value);
}

static bool get_boolean(struct field *in, const char *key)
{
	const json_t *value = json_object_get(in->object, key);

	if (!json_is_boolean(value))
		refuse(in, key, "must be true or false");
	return json_is_true(value);
}

static enum evidence get_evidence(struct field *in, const char *key)
{
	const json_t *value = json_object_get(in->object, key);
	const char *text = json_string_value(value);

	if (json_is_null(value))
		return EVIDENCE_NONE;
	for (enum evidence each = EVIDENCE_EXACT;
	     text && each <= EVIDENCE_INSUFFICIENT; each++) {
		if (strcmp(text, evidence_name(each)) == 0)
			return each;
	}
	refuse(in, key, "must be exact, lost, insufficient or null");
	return EVIDENCE_NONE;
}

/* The run that a record belongs to; it comes before its trials. */
static size_t get_run(struct field *in, const struct archive *archive)
{
	char uuid[ARCHIVE_NAME] = "";

	get_label(in, "run", uuid);
	for (size_t i = archive->runs_count; i-- > 0;) {
		if (strcmp(archive->runs[i].uuid, uuid) == 0)
			return i;
	}
	refuse(in, "run", "names a run whose first record is missing");
	return 0;
}

/* Records of before there was more than one point leave out the rest. */
static struct archive_point get_point(struct field *in,
                                      const struct archive *archive, size_t run)
{
	struct archive_point point = { .workers = get_index(in, "workers") };
	const char *pin = get_text(in, "pin");

	get_label(in, "strategy", point.strategy);
	if (!pin && archive->runs_count > 0)
		pin = archive_text(&archive->runs[run], "spec", "pin");
	if (pin && (!text_is_label(pin) || strlen(pin) >= sizeof(point.pin)))
		refuse(in, "pin", "must be a short name");
	else if (pin)
		(void)snprintf(point.pin, sizeof(point.pin), "%s", pin);
	if (json_object_get(in->object, "inside_ns"))
		point.inside_ns = get_small(in, "inside_ns");
	if (json_object_get(in->object, "outside_ns"))
		point.outside_ns = get_small(in, "outside_ns");
	return point;
}

bool archive_same_point(const struct archive_point *a,
                        const struct archive_point *b)
{
	return a->workers == b->workers && a->inside_ns == b->inside_ns &&
	       a->outside_ns == b->outside_ns && strcmp(a->pin, b->pin) == 0 &&
	       strcmp(a->strategy, b->strategy) == 0;
}

/* --- the types of records ------------------------------------------------- */

static int add_run(struct archive *archive, struct field *in, json_t *record)
{
	struct archive_run *run;
	char uuid[ARCHIVE_NAME] = "";

	get_label(in, "run", uuid);
	if (!json_is_object(json_object_get(record, "host")))
		refuse(in, "host", "must be an object");
	if (!json_is_object(json_object_get(record, "spec")))
		refuse(in, "spec", "must be an object");
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
		.block = get_index(in, "block"),
		.workers = get_index(in, "workers"),
		.empty_ns = get_real(in, "empty_ns_per_increment"),
		.timer_ns = get_real(in, "timer_ns"),
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
		.valid = get_boolean(in, "valid"),
		.evidence = get_evidence(in, "evidence"),
		.expected = get_count(in, "expected"),
		.lost = get_count(in, "lost"),
		.elapsed_ns = get_count(in, "elapsed_ns"),
		.ns_per_increment = get_real(in, "ns_per_increment"),
		.window = get_share(in, "window"),
		.overlap = get_share(in, "overlap"),
		.preempted = get_count(in, "preempted"),
		.skew_ns = get_count(in, "skew_ns"),
		.fairness = get_share(in, "fairness"),
	};

	if (measures.lost > measures.expected)
		refuse(in, "lost", "is more than was expected");
	if (measures.expected > 0)
		measures.lost_share =
		        (double)measures.lost / (double)measures.expected;
	if (json_object_get(in->object, "surplus"))
		measures.surplus = get_count(in, "surplus");
	return measures;
}

/* NAN where it is missing: a record of before it was kept. */
static double get_if_there(struct field *in, const char *key)
{
	return json_object_get(in->object, key) ? (double)get_count(in, key)
	                                        : NAN;
}

/* The same, and where it is null: not known. */
static double get_if_known(struct field *in, const char *key)
{
	return json_is_null(json_object_get(in->object, key))
	               ? NAN
	               : get_if_there(in, key);
}

static void add_usage(struct archive_trial *trial, struct field *worker)
{
	trial->user_ns += get_if_there(worker, "user_ns");
	trial->system_ns += get_if_there(worker, "system_ns");
	trial->voluntary += get_if_there(worker, "voluntary_switches");
	trial->involuntary += get_if_there(worker, "involuntary_switches");
	for (enum run_count i = 0; i <= RUN_COUNT_MISSES; i++)
		trial->count[i] += get_if_known(worker, run_count_name(i));
}

static int add_workers(struct archive_trial *trial, struct field *in)
{
	const json_t *workers = json_object_get(in->object, "worker");

	if (json_array_size(workers) != trial->point.workers) {
		refuse(in, "worker",
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
		const char *fate = get_text(&worker, "fate");

		trial->done[i] = get_count(&worker, "done");
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
	noisy = get_boolean(&noise, "noisy");
	if (!json_is_null(text) && !json_is_string(text))
		refuse(&noise, "why", "must be a text or null");
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

static unsigned get_index_or(struct field *in, const char *key,
                             unsigned otherwise)
{
	return json_object_get(in->object, key) ? get_index(in, key)
	                                        : otherwise;
}

/* NAN, too, where the record is too old to have it. */
static double get_real_or_nan(struct field *in, const char *key)
{
	return json_object_get(in->object, key) ? get_real(in, key) : NAN;
}

static int add_trial(struct archive *archive, struct field *in)
{
	size_t run = get_run(in, archive);
	struct archive_trial trial = {
		.run = run,
		.trial = get_index(in, "trial"),
		.point = get_point(in, archive, run),
		.observed = get_count(in, "observed"),
		.measures = get_measures(in),
	};
	struct archive_trial *place;
	int err;

	trial.counter = json_object_get(in->object, "counter")
	                        ? get_count(in, "counter")
	                        : trial.observed;
	trial.noisy = get_noisy(in, trial.why);
	trial.setup_ns = get_real_or_nan(in, "setup_ns");
	trial.reap_ns = get_real_or_nan(in, "reap_ns");
	trial.block = get_index_or(in, "block", trial.trial);
	trial.cpus = get_index_or(in, "cpus", trial.point.workers);
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
			refuse(in, "histogram", "must be pairs of counts");
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
		.trial = get_index(in, "trial"),
		.block = get_index(in, "block"),
		.cpus = get_index(in, "cpus"),
		.point = get_point(in, archive, run),
		.valid = get_boolean(in, "valid"),
		.noisy = get_noisy(in, NULL),
		.expected = get_count(in, "expected"),
		.ns_per_increment = get_real(in, "ns_per_increment"),
		.fairness = get_share(in, "fairness"),
		.p50_ns = get_real(in, "p50_ns"),
		.p90_ns = get_real(in, "p90_ns"),
		.p99_ns = get_real(in, "p99_ns"),
		.p999_ns = get_real(in, "p999_ns"),
		.max_ns = get_real(in, "max_ns"),
		.handovers = get_real(in, "handovers"),
		.ticks_ns = get_real(in, "ticks_ns"),
	};
	struct archive_latency *place;
	int err;

	if (!in->bad && archive->runs[run].repeated &&
	    has_latency(archive, &latency))
		return 0;
	err = in->bad ? -EINVAL
	              : get_bars(in, get_real(in, "ns_per_tick"),
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
		.trial = get_index(in, "trial"),
		.point = get_point(in, archive, run),
		.valid = get_boolean(in, "valid"),
		.expected = get_count(in, "expected"),
		.lost = get_count(in, "lost"),
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
	uint64_t schema = get_count(&in, "schema");

	if (!type)
		refuse(&in, "type", "must be a text");
	if (!in.bad && schema > RECORD_SCHEMA)
		refuse(&in, "schema", "is newer than this racelab");
	if (in.bad)
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

/* --- what goes together --------------------------------------------------- */

const char *archive_text(const struct archive_run *run, const char *part,
                         const char *key)
{
	const char *text = json_string_value(
	        json_object_get(json_object_get(run->record, part), key));

	return text ? text : "";
}

double archive_number(const struct archive_run *run, const char *part,
                      const char *key)
{
	return json_number_value(
	        json_object_get(json_object_get(run->record, part), key));
}

/* What must be equal; ONCE is what it was before there was a choice, or NULL. */
struct key {
	const char *part, *key, *once;
};

static const json_t *value_of(const struct archive_run *run,
                              const struct key *key)
{
	return json_object_get(json_object_get(run->record, key->part),
	                       key->key);
}

static bool same_value(const struct archive_run *a, const struct archive_run *b,
                       const struct key *key)
{
	const json_t *x = value_of(a, key), *y = value_of(b, key);
	const char *only = json_string_value(x ? x : y);

	if (x && y)
		return json_equal(x, y);
	if (!x && !y)
		return true;
	return key->once && only && strcmp(only, key->once) == 0;
}

static bool same(const struct archive_run *a, const struct archive_run *b)
{
	static const struct key keys[] = {
		{ "host", "name", NULL },
		{ "host", "cpu_model", NULL },
		{ "host", "cpus_allowed", NULL },
		{ "host", "cgroup_quota_cpus", NULL },
		{ "host", "kernel", NULL },
		{ "host", "libc", NULL },
		{ "host", "compiler", NULL },
		{ "host", "flags", NULL },
		{ "host", "revision", NULL },
		{ "spec", "time_ms", NULL },
		{ "spec", "count", NULL },
		{ "spec", "pin", NULL },
		{ "spec", "cpus", NULL },
		{ "spec", "as", "processes" },
		{ "spec", "memory", "anon" },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!same_value(a, b, &keys[i]))
			return false;
	}
	return true;
}

const struct archive_run *archive_selected(const struct archive *archive)
{
	for (size_t i = archive->runs_count; i-- > 0;) {
		if (archive->runs[i].selected)
			return &archive->runs[i];
	}
	return NULL;
}

int archive_select(struct archive *archive, const char *uuid)
{
	const struct archive_run *like = NULL;
	int left_out = 0;

	for (size_t i = 0; i < archive->runs_count; i++) {
		if (!uuid || strcmp(archive->runs[i].uuid, uuid) == 0)
			like = &archive->runs[i];
	}
	if (!like)
		return -ENOENT;
	for (size_t i = 0; i < archive->runs_count; i++) {
		struct archive_run *run = &archive->runs[i];

		run->selected = same(run, like);
		left_out += !run->selected;
	}
	return left_out;
}
