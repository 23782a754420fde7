#include "harness/record/message.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/record/record.h"

static const char *const modes[] = { "latency", "throughput", "alone" };

enum { MODES = sizeof(modes) / sizeof(modes[0]) };

const char *message_mode_name(enum message_mode mode)
{
	return modes[mode];
}

/* --- writing */

/* Half a list would be worse than none: then the whole record is NULL. */
static json_t *append(json_t *list, json_t *item)
{
	if (json_array_append_new(list, item) == 0)
		return list;
	json_decref(list);
	return NULL;
}

static json_t *numbers_json(const unsigned *numbers, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count && list; i++)
		list = append(list, json_integer(numbers[i]));
	return list;
}

static json_t *names_json(const char *const *names, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count && list; i++)
		list = append(list, json_string(names[i]));
	return list;
}

static json_t *spec_json(const struct message_spec *spec)
{
	char seed[24]; /* as text: a JSON number has 63 bits */

	(void)snprintf(seed, sizeof(seed), "%llu",
	               (unsigned long long)spec->seed);
	return json_pack("{s:o, s:o, s:I, s:i, s:s, s:o, s:s}", "channels",
	                 names_json(spec->channels, spec->channels_count),
	                 "bytes", numbers_json(spec->bytes, spec->bytes_count),
	                 "time_ms", (json_int_t)(spec->time_ns / NS_PER_MS),
	                 "trials", (int)spec->trials, "pin", spec->pin, "cpus",
	                 numbers_json(spec->cpus, 2), "seed", seed);
}

json_t *record_message_run(const char *uuid, int64_t started,
                           const struct host *host,
                           const struct message_spec *spec)
{
	return record_run_with(uuid, started, host, spec_json(spec));
}

static json_t *real_json(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

json_t *record_message(const char *uuid, const struct message *message)
{
	return json_pack(
	        "{s:s, s:i, s:s, s:i, s:i, s:s, s:I, s:s, s:b, s:s, s:I, s:I,"
	        " s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I}",
	        "type", "message", "schema", RECORD_SCHEMA, "run", uuid,
	        "trial", (int)message->trial, "block", (int)message->block,
	        "channel", message->channel, "bytes",
	        (json_int_t)message->bytes, "mode", modes[message->mode],
	        "valid", message->valid, "fate", message->fate, "messages",
	        (json_int_t)message->messages, "pieces",
	        (json_int_t)message->pieces, "elapsed_ns",
	        (json_int_t)message->elapsed_ns, "p50_ns",
	        real_json(message->p50), "p90_ns", real_json(message->p90),
	        "p99_ns", real_json(message->p99), "p999_ns",
	        real_json(message->p999), "max_ns", real_json(message->max),
	        "mb_per_s", real_json(message->mb_per_s), "messages_per_s",
	        real_json(message->messages_per_s), "cpu_ns",
	        (json_int_t)message->cpu_ns, "voluntary_switches",
	        (json_int_t)message->voluntary, "involuntary_switches",
	        (json_int_t)message->involuntary);
}

/* --- reading */

struct reading {
	const json_t *record;
	struct complaint *complaint;
	bool bad; /* something was wrong: said so once */
};

static void refuse(struct reading *in, const char *key, const char *why)
{
	if (!in->bad)
		complain(in->complaint, "record", "\"%s\" %s", key, why);
	in->bad = true;
}

static uint64_t get_count(struct reading *in, const char *key, uint64_t min,
                          uint64_t max)
{
	const json_t *value = json_object_get(in->record, key);
	json_int_t count = json_integer_value(value);

	if (!json_is_integer(value) || count < 0 || (uint64_t)count < min ||
	    (uint64_t)count > max) {
		refuse(in, key, "is not a whole number in its range");
		return min;
	}
	return (uint64_t)count;
}

/* NAN for null: not known. */
static double get_real(struct reading *in, const char *key)
{
	const json_t *value = json_object_get(in->record, key);

	if (json_is_null(value))
		return NAN;
	if (!json_is_number(value) || json_number_value(value) < 0)
		refuse(in, key, "must be a number of at least 0, or null");
	return json_number_value(value);
}

static const char *get_text(struct reading *in, const char *key)
{
	const char *text = json_string_value(json_object_get(in->record, key));

	if (!text)
		refuse(in, key, "must be a text");
	return text ? text : "";
}

static enum message_mode get_mode(struct reading *in)
{
	const char *text = get_text(in, "mode");

	for (unsigned i = 0; i < MODES; i++) {
		if (strcmp(text, modes[i]) == 0)
			return (enum message_mode)i;
	}
	refuse(in, "mode", "must be latency, throughput or alone");
	return MESSAGE_LATENCY;
}

static void get_names(struct reading *in, struct message *message)
{
	const char *channel = get_text(in, "channel");

	if (!text_is_label(channel))
		refuse(in, "channel",
		       "must be a name of letters, digits and ._-, at most 64");
	(void)snprintf(message->channel, MESSAGE_NAME, "%s", channel);
	(void)snprintf(message->fate, MESSAGE_FATE, "%s", get_text(in, "fate"));
}

int message_read(struct message *message, const json_t *record,
                 struct complaint *complaint)
{
	struct reading in = { .record = record, .complaint = complaint };
	const json_t *valid = json_object_get(record, "valid");

	*message = (struct message){
		.trial = (unsigned)get_count(&in, "trial", 1, INT32_MAX),
		.block = (unsigned)get_count(&in, "block", 1, INT32_MAX),
		.bytes = get_count(&in, "bytes", 1, INT64_MAX),
		.mode = get_mode(&in),
		.valid = json_is_true(valid),
		.messages = get_count(&in, "messages", 0, INT64_MAX),
		.pieces = get_count(&in, "pieces", 0, INT64_MAX),
		.elapsed_ns = get_count(&in, "elapsed_ns", 0, INT64_MAX),
		.p50 = get_real(&in, "p50_ns"),
		.p90 = get_real(&in, "p90_ns"),
		.p99 = get_real(&in, "p99_ns"),
		.p999 = get_real(&in, "p999_ns"),
		.max = get_real(&in, "max_ns"),
		.mb_per_s = get_real(&in, "mb_per_s"),
		.messages_per_s = get_real(&in, "messages_per_s"),
		.cpu_ns = get_count(&in, "cpu_ns", 0, INT64_MAX),
		.voluntary = get_count(&in, "voluntary_switches", 0, INT64_MAX),
		.involuntary =
		        get_count(&in, "involuntary_switches", 0, INT64_MAX),
	};
	get_names(&in, message);
	if (!json_is_boolean(valid))
		refuse(&in, "valid", "must be true or false");
	return in.bad ? -EINVAL : 0;
}
