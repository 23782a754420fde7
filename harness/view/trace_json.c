#include "harness/view/trace_json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "harness/record/jsonl.h"
#include "harness/record/record.h"
#include "harness/view/step.h"
#include "harness/view/words.h"

/* A text, so that each value of each size is exact; null where there is none. */
static json_t *value(const struct replay_step *step, const unsigned char *bytes)
{
	char text[STEP_VALUE];

	if (!step->touches)
		return json_null();
	return json_string(step_value(bytes, step->cell.size, text));
}

static json_t *cell(const struct replay_step *step,
                    const struct verdict_names *names)
{
	char text[NAMES_TEXT];

	if (!step->touches)
		return json_null();
	return json_string(names_cell(names, step->cell.offset, text));
}

static json_t *line(const struct replay_step *step,
                    const struct verdict_names *names)
{
	char text[NAMES_TEXT];

	(void)names_line(names, step->pc, text);
	return strcmp(text, "?") == 0 ? json_null() : json_string(text);
}

/* Of the ways in which a call can go on; what is chosen otherwise has none. */
static json_t *way(const struct replay_step *step)
{
	if (step->move.way == WAY_FLUSH || step->move.way == WAY_SPURIOUS)
		return json_null();
	return json_integer(step->move.way);
}

static json_t *step_json(const struct replay_step *step,
                         const struct verdict_names *names)
{
	char worker[] = { (char)('A' + step->move.worker), '\0' };
	bool call = step->kind == OP_CALL && step->move.way != WAY_FLUSH;

	return json_pack(
	        "{s:s, s:s, s:o, s:o, s:o, s:b, s:b, s:o, s:o, s:o, s:o, s:b,"
	        " s:b}",
	        "worker", worker, "op", step_name(step), "cell",
	        cell(step, names), "value", value(step, step->cell.bytes),
	        "before", value(step, step->before), "atomic",
	        (int)step->atomic, "buffered", (int)step->buffered, "line",
	        line(step, names), "call",
	        step->call[0] ? json_string(step->call) : json_null(), "result",
	        call ? json_integer((json_int_t)step->result) : json_null(),
	        "way", way(step), "spurious",
	        (int)(step->move.way == WAY_SPURIOUS), "ended",
	        (int)step->ended);
}

static json_t *steps_json(const struct replay *replay,
                          const struct verdict_names *names)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < replay->count; i++)
		(void)json_array_append_new(list,
		                            step_json(&replay->step[i], names));
	return list;
}

static json_t *message(const char *text)
{
	char copy[sizeof(((struct outcome *)NULL)->message)];

	if (!text[0])
		return json_null();
	return json_string(words_copy(copy, sizeof(copy), text));
}

/* Where the schedule does not fit, nothing that it came to means anything. */
static json_t *replay_pack(const struct replay *replay,
                           const struct verdict_names *names,
                           const char *target)
{
	const struct outcome *outcome = &replay->outcome;
	bool total = replay->fits && names_has_total(names, outcome);

	return json_pack(
	        "{s:s, s:i, s:s, s:s, s:b, s:s?, s:o, s:o, s:o}", "type",
	        "replay", "schema", RECORD_SCHEMA, "target", target, "memory",
	        names_memory(names), "fits", (int)replay->fits, "verdict",
	        replay->fits ? verdict_name(outcome->kind) : NULL, "total",
	        total ? json_integer((json_int_t)outcome->total) : json_null(),
	        "message", message(replay->fits ? outcome->message : ""),
	        "steps", steps_json(replay, names));
}

char *trace_json(const struct replay *replay, const struct verdict_names *names)
{
	char *target = strdup(names->target);
	json_t *json = NULL;
	char *text = NULL;

	if (target) {
		(void)words_copy(target, strlen(target) + 1, names->target);
		json = replay_pack(replay, names, target);
	}
	if (json)
		text = jsonl_line(json);
	json_decref(json);
	free(target);
	return text;
}
