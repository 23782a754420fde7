#include "harness/view/verdict_json.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/record/jsonl.h"
#include "harness/record/record.h"
#include "harness/view/verdict.h"
#include "harness/view/words.h"

/* JSON has no NaN. */
static json_t *real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

/* Null where it is empty. It may have been cut inside a character. */
static json_t *message(const char *text)
{
	char copy[sizeof(((struct verdict *)NULL)->message)];

	if (!text[0])
		return json_null();
	return json_string(words_copy(copy, sizeof(copy), text));
}

static json_t *witness(const struct verdict_names *names,
                       const struct verdict *verdict,
                       const struct outcome *outcome)
{
	char *raw = names_witness(names, verdict, outcome);
	size_t size = raw ? strlen(raw) + 1 : 0;
	char *text = raw ? malloc(size) : NULL;
	json_t *json =
	        text ? json_string(words_copy(text, size, raw)) : json_null();

	free(text);
	free(raw);
	return json;
}

static json_t *preemptions(const struct outcome *outcome)
{
	return outcome && outcome->text
	               ? json_integer((json_int_t)outcome->preemptions)
	               : json_null();
}

static json_t *total(const struct verdict_names *names,
                     const struct outcome *outcome)
{
	return names_has_total(names, outcome)
	               ? json_integer((json_int_t)outcome->total)
	               : json_null();
}

/* A text: it may have more digits than any number of JSON. */
static json_t *interleavings(const struct verdict *verdict,
                             const struct outcome *outcome)
{
	char text[COUNT_TEXT];

	if (!verdict->counted || outcome->interleavings.exceeded)
		return json_null();
	return json_string(count_text(outcome->interleavings, text));
}

/* Where states are searched, one execution stands for many. */
static json_t *executions(const struct verdict_names *names,
                          const struct outcome *outcome)
{
	return names->search == SEARCH_ALL
	               ? json_null()
	               : json_integer((json_int_t)outcome->seen);
}

static json_t *outcome_json(const struct verdict *verdict,
                            const struct verdict_names *names,
                            const struct outcome *outcome)
{
	json_t *json = json_object();
	json_t *rest =
	        json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o}",
	                  "interleavings", interleavings(verdict, outcome),
	                  "p_interleavings", real(outcome->p_interleavings),
	                  "p_scheduler", real(outcome->p_scheduler),
	                  "executions", executions(names, outcome), "verdict",
	                  verdict_name(outcome->kind), "message",
	                  message(outcome->message), "witness",
	                  witness(names, verdict, outcome), "preemptions",
	                  preemptions(outcome));

	if (!names->program)
		(void)json_object_set_new(json, "total", total(names, outcome));
	if (!json || !rest || json_object_update(json, rest) < 0) {
		json_decref(json);
		json = NULL;
	}
	json_decref(rest);
	return json;
}

static json_t *outcomes_json(const struct verdict *verdict,
                             const struct verdict_names *names)
{
	const struct outcome **sorted = names_sorted(names, verdict);
	json_t *list = sorted ? json_array() : NULL;

	for (size_t i = 0; list && i < verdict->outcomes; i++)
		(void)json_array_append_new(
		        list, outcome_json(verdict, names, sorted[i]));
	free(sorted);
	return list;
}

static json_t *races_json(const struct verdict *verdict,
                          const struct verdict_names *names)
{
	json_t *list = json_array();
	struct race_names race;

	for (size_t i = 0; i < verdict->races; i++) {
		if (verdict_race(verdict, names, i, &race))
			(void)json_array_append_new(
			        list,
			        json_pack("{s:s, s:[s, s]}", "cell", race.cell,
			                  "lines", race.line[0], race.line[1]));
	}
	return list;
}

static const char *search_name(enum search_kind kind)
{
	static const char *const names[] = {
		[SEARCH_ALL] = "all",       [SEARCH_EVERY] = "every",
		[SEARCH_RANDOM] = "random", [SEARCH_PCT] = "pct",
		[SEARCH_POS] = "pos",
	};

	return names[kind];
}

/* What was asked for. */
static json_t *head_json(const struct verdict_names *names)
{
	char *target = strdup(names->target);
	json_t *json;

	if (!target)
		return NULL;
	(void)words_copy(target, strlen(target) + 1, names->target);
	json = json_pack(
	        "{s:s, s:i, s:s, s:I, s:o, s:s, s:s}", "type", "verdict",
	        "schema", RECORD_SCHEMA, "target", target, "workers",
	        (json_int_t)names->machine.workers, "increments",
	        names->program
	                ? json_null()
	                : json_integer((json_int_t)names->machine.increments),
	        "memory", names_memory(names), "search",
	        search_name(names->search));
	free(target);
	return json;
}

/* What was found. */
static json_t *body_json(const struct verdict *verdict,
                         const struct verdict_names *names, bool outcomes)
{
	const struct outcome *worst = verdict_worst(verdict);

	return json_pack(
	        "{s:b, s:I, s:I, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}",
	        "complete", (int)verdict->complete, "states",
	        (json_int_t)verdict->states, "executions",
	        (json_int_t)verdict->executions, "seconds",
	        real(verdict->seconds), "verdict", verdict_name(verdict->kind),
	        "witness", witness(names, verdict, worst), "message",
	        message(verdict->message), "coverage",
	        message(verdict->coverage), "preemptions", preemptions(worst),
	        "races", races_json(verdict, names), "outcomes",
	        outcomes ? outcomes_json(verdict, names) : json_null());
}

char *verdict_json(const struct verdict *verdict,
                   const struct verdict_names *names, bool outcomes)
{
	json_t *json = head_json(names);
	json_t *body = json ? body_json(verdict, names, outcomes) : NULL;
	char *line = NULL;

	if (body && json_object_update(json, body) == 0)
		line = jsonl_line(json);
	json_decref(body);
	json_decref(json);
	return line;
}
