#include "harness/record/message.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/record/field.h"
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

/* Nobody was sent anything, so there is nothing to count: null, not 0. */
static json_t *count_json(const struct message *message, uint64_t count)
{
	return message->mode == MESSAGE_ALONE ? json_null()
	                                      : json_integer((json_int_t)count);
}

json_t *record_message(const char *uuid, const struct message *message)
{
	return json_pack(
	        "{s:s, s:i, s:s, s:i, s:i, s:s, s:I, s:s, s:b, s:s, s:o, s:o,"
	        " s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	        "type", "message", "schema", RECORD_SCHEMA, "run", uuid,
	        "trial", (int)message->trial, "block", (int)message->block,
	        "channel", message->channel, "bytes",
	        (json_int_t)message->bytes, "mode", modes[message->mode],
	        "valid", message->valid, "fate", message->fate, "messages",
	        count_json(message, message->messages), "pieces",
	        count_json(message, message->pieces), "elapsed_ns",
	        count_json(message, message->elapsed_ns), "p50_ns",
	        real_json(message->p50), "p90_ns", real_json(message->p90),
	        "p99_ns", real_json(message->p99), "p999_ns",
	        real_json(message->p999), "max_ns", real_json(message->max),
	        "mb_per_s", real_json(message->mb_per_s), "messages_per_s",
	        real_json(message->messages_per_s), "cpu_ns",
	        count_json(message, message->cpu_ns), "voluntary_switches",
	        count_json(message, message->voluntary), "involuntary_switches",
	        count_json(message, message->involuntary));
}

/* --- reading */

static enum message_mode read_mode(struct field *in)
{
	const char *text = field_text(in, "mode");

	for (unsigned i = 0; text && i < MODES; i++) {
		if (strcmp(text, modes[i]) == 0)
			return (enum message_mode)i;
	}
	field_refuse(in, "mode", "must be latency, throughput or alone");
	return MESSAGE_LATENCY;
}

static void read_names(struct field *in, struct message *message)
{
	const char *fate = field_text(in, "fate");

	field_label(in, "channel", message->channel, MESSAGE_NAME);
	if (!fate)
		field_refuse(in, "fate", "must be a text");
	else
		(void)snprintf(message->fate, MESSAGE_FATE, "%s", fate);
}

/* The control has null; older records of it have 0. */
static uint64_t read_count(struct field *in, enum message_mode mode,
                           const char *key)
{
	return mode == MESSAGE_ALONE &&
	                       json_is_null(json_object_get(in->object, key))
	               ? 0
	               : field_count(in, key);
}

int message_read(struct message *message, const json_t *record,
                 struct complaint *complaint)
{
	struct field in = { .object = record, .complaint = complaint };
	enum message_mode mode = read_mode(&in);

	*message = (struct message){
		.trial = field_index(&in, "trial"),
		.block = field_index(&in, "block"),
		.bytes = field_count(&in, "bytes"),
		.mode = mode,
		.valid = field_boolean(&in, "valid"),
		.messages = read_count(&in, mode, "messages"),
		.pieces = read_count(&in, mode, "pieces"),
		.elapsed_ns = read_count(&in, mode, "elapsed_ns"),
		.p50 = field_real(&in, "p50_ns"),
		.p90 = field_real(&in, "p90_ns"),
		.p99 = field_real(&in, "p99_ns"),
		.p999 = field_real(&in, "p999_ns"),
		.max = field_real(&in, "max_ns"),
		.mb_per_s = field_real(&in, "mb_per_s"),
		.messages_per_s = field_real(&in, "messages_per_s"),
		.cpu_ns = read_count(&in, mode, "cpu_ns"),
		.voluntary = read_count(&in, mode, "voluntary_switches"),
		.involuntary = read_count(&in, mode, "involuntary_switches"),
	};
	if (message->bytes < 1)
		field_refuse(&in, "bytes", "must be at least 1");
	read_names(&in, message);
	return in.bad ? -EINVAL : 0;
}
