#include "harness/view/trace_json.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>

#include "tests/fixtures/explored.h"

static struct replay replay;

static json_t *parsed(const struct verdict_names *names)
{
	char *text = trace_json(&replay, names);
	json_error_t error;
	json_t *json;

	cr_assert_not_null(text, "no JSON");
	cr_expect_eq(strchr(text, '\n'), text + strlen(text) - 1,
	             "not one line");
	json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	cr_assert_not_null(json, "%s: %s", error.text, text);
	free(text);
	return json;
}

static void expect_json(const json_t *json, const char *want)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS |
	                                      JSON_ENCODE_ANY);

	cr_expect_str_eq(text, want, "it is\n%s", text);
	free(text);
}

Test(trace_json, has_every_field)
{
	struct verdict_names names = explored_names("none", 2, 1);
	json_t *json, *steps;

	explored_lost_update(&replay);
	json = parsed(&names);
	steps = json_incref(json_object_get(json, "steps"));
	(void)json_object_del(json, "steps");
	expect_json(json, "{\"fits\":true,\"memory\":\"sc\","
	                  "\"message\":\"the total is 1, not 2\","
	                  "\"schema\":1,\"target\":\"none\",\"total\":1,"
	                  "\"type\":\"replay\",\"verdict\":\"lost-update\"}");
	cr_assert_eq(json_array_size(steps), 4, "%zu", json_array_size(steps));
	expect_json(json_array_get(steps, 3),
	            "{\"atomic\":false,\"before\":\"1\",\"buffered\":false,"
	            "\"call\":null,\"cell\":\"counter\",\"ended\":true,"
	            "\"line\":\"none.c:9\",\"op\":\"store\",\"result\":null,"
	            "\"spurious\":false,\"value\":\"1\",\"way\":0,"
	            "\"worker\":\"A\"}");
	json_decref(steps);
	json_decref(json);
}

Test(trace_json, has_calls_and_flushes)
{
	struct verdict_names names = explored_names("none", 2, 1);
	struct replay_step *step;
	json_t *json, *steps;

	explored_call(&replay, 'B', "pthread_cond_wait", 0)->move.way =
	        WAY_SPURIOUS;
	step = explored_buffer(&replay, 'A', 0, 1, NULL);
	explored_flush(&replay, 'A', 0, step);
	explored_end(&replay, VERDICT_DEADLOCK, 0, "A waits");
	json = parsed(&names);
	expect_json(json_object_get(json, "total"), "null");
	steps = json_object_get(json, "steps");
	expect_json(json_array_get(steps, 0),
	            "{\"atomic\":false,\"before\":null,\"buffered\":false,"
	            "\"call\":\"pthread_cond_wait\",\"cell\":null,"
	            "\"ended\":false,\"line\":\"none.c:12\",\"op\":\"call\","
	            "\"result\":0,\"spurious\":true,\"value\":null,"
	            "\"way\":null,\"worker\":\"B\"}");
	expect_json(json_object_get(json_array_get(steps, 1), "buffered"),
	            "true");
	expect_json(json_array_get(steps, 2),
	            "{\"atomic\":false,\"before\":\"0\",\"buffered\":false,"
	            "\"call\":null,\"cell\":\"counter\",\"ended\":false,"
	            "\"line\":null,\"op\":\"flush\",\"result\":null,"
	            "\"spurious\":false,\"value\":\"1\",\"way\":null,"
	            "\"worker\":\"A\"}");
	json_decref(json);
}

Test(trace_json, judges_nothing_that_does_not_fit)
{
	struct verdict_names names = explored_names("none", 2, 1);
	json_t *json;

	explored_lost_update(&replay);
	replay.fits = false;
	json = parsed(&names);
	expect_json(json_object_get(json, "fits"), "false");
	expect_json(json_object_get(json, "verdict"), "null");
	expect_json(json_object_get(json, "total"), "null");
	expect_json(json_object_get(json, "message"), "null");
	json_decref(json);
}
