#include "harness/view/verdict_json.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>

#include "tests/fixtures/explored.h"

static struct verdict verdict;

static json_t *parsed(const struct verdict_names *names, bool outcomes)
{
	char *text = verdict_json(&verdict, names, outcomes);
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
	                                      JSON_ENCODE_ANY |
	                                      JSON_REAL_PRECISION(9));

	cr_expect_str_eq(text, want, "it is\n%s", text);
	free(text);
}

Test(verdict_json, has_every_field)
{
	struct verdict_names names = explored_2x2(&verdict);
	json_t *json;

	verdict.races = 1;
	verdict.race[0] = (struct race){ { 9, 11 }, 0 };
	verdict.outcomes = 1;
	json = parsed(&names, false);
	expect_json(json,
	            "{\"complete\":true,\"coverage\":\"complete\","
	            "\"executions\":0,\"increments\":2,\"memory\":\"sc\","
	            "\"message\":\"the total is 3, not 4\",\"outcomes\":null,"
	            "\"preemptions\":null,\"races\":[{\"cell\":\"counter\","
	            "\"lines\":[\"none.c:9\",\"none.c:11\"]}],\"schema\":1,"
	            "\"search\":\"all\",\"seconds\":1.25,\"states\":57,"
	            "\"target\":\"none\",\"type\":\"verdict\","
	            "\"verdict\":\"lost-update\",\"witness\":null,"
	            "\"workers\":2}");
	json_decref(json);
}

Test(verdict_json, has_the_outcomes_sorted)
{
	struct verdict_names names = explored_2x2(&verdict);
	json_t *json, *list;

	explored_outcome(&verdict, VERDICT_CRASH, 0, "worker A: SIGSEGV", NULL);
	explored_outcome(&verdict, VERDICT_VIOLATES, 5, "the total is 5", NULL);
	json = parsed(&names, true);
	list = json_object_get(json, "outcomes");
	cr_assert_eq(json_array_size(list), 5, "%zu", json_array_size(list));
	expect_json(json_array_get(list, 0),
	            "{\"executions\":null,\"interleavings\":\"32\","
	            "\"message\":\"the total is 2, not 4\","
	            "\"p_interleavings\":0.457142857,\"p_scheduler\":0.344,"
	            "\"preemptions\":2,\"total\":2,"
	            "\"verdict\":\"lost-update\","
	            "\"witness\":\"none:w2:k2:sc:AB3A2B*A*:1234abcd\"}");
	expect_json(json_array_get(list, 4),
	            "{\"executions\":null,\"interleavings\":\"0\","
	            "\"message\":\"worker A: SIGSEGV\","
	            "\"p_interleavings\":null,\"p_scheduler\":null,"
	            "\"preemptions\":null,\"total\":null,"
	            "\"verdict\":\"crash\",\"witness\":null}");
	expect_json(json_object_get(json_array_get(list, 3), "total"), "5");
	json_decref(json);
}

Test(verdict_json, has_null_where_nothing_is_known)
{
	struct verdict_names names = explored_names("cells.c", 2, 7);
	json_t *json, *outcome;

	names.program = true;
	names.search = SEARCH_POS;
	explored_judge(&verdict, VERDICT_UNFINISHED, "");
	verdict.seconds = NAN;
	explored_outcome(&verdict, VERDICT_EXACT, 0, "", NULL)->seen = 8;
	json = parsed(&names, true);
	expect_json(json_object_get(json, "increments"), "null");
	expect_json(json_object_get(json, "seconds"), "null");
	expect_json(json_object_get(json, "message"), "null");
	expect_json(json_object_get(json, "search"), "\"pos\"");
	outcome = json_array_get(json_object_get(json, "outcomes"), 0);
	cr_expect_null(json_object_get(outcome, "total"), "there is a total");
	expect_json(json_object_get(outcome, "interleavings"), "null");
	expect_json(json_object_get(outcome, "executions"), "8");
	json_decref(json);
}

Test(verdict_json, has_all_digits_of_a_count)
{
	struct verdict_names names = explored_2x2(&verdict);
	json_t *json, *outcome;

	verdict.outcome[0].interleavings =
	        (struct count){ .limb = { 0, 0, 0, UINT64_C(1) << 63 } };
	json = parsed(&names, true);
	outcome = json_array_get(json_object_get(json, "outcomes"), 2);
	expect_json(json_object_get(outcome, "interleavings"),
	            "\"57896044618658097711785492504343953926634992332820282019"
	            "728792003956564819968\"");
	json_decref(json);
}
