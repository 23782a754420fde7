/*
 * States against executions: the programs of tests/explore/ that are small
 * enough are searched in both ways, and the same must come out, as often.
 */
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/explored.h"

enum {
	SMALL = 400, /* states */
	ENOUGH = 20, /* programs: or this test asserts nothing */
};

static const struct outcome *find(const struct verdict *verdict,
                                  const struct outcome *wanted)
{
	for (size_t i = 0; i < verdict->outcomes; i++) {
		const struct outcome *outcome = &verdict->outcome[i];

		if (outcome->kind == wanted->kind &&
		    outcome->total == wanted->total &&
		    strcmp(outcome->message, wanted->message) == 0)
			return outcome;
	}
	return NULL;
}

static void expect_same(const char *source, const struct verdict *all,
                        const struct verdict *every)
{
	cr_expect_eq(all->outcomes, every->outcomes,
	             "%s: %zu outcomes, and %zu", source, all->outcomes,
	             every->outcomes);
	for (size_t i = 0; i < every->outcomes; i++) {
		const struct outcome *seen = &every->outcome[i];
		const struct outcome *known = find(all, seen);
		char text[COUNT_TEXT], executions[COUNT_TEXT];

		cr_expect_not_null(known, "%s: only executions: %s", source,
		                   seen->message);
		if (!known || !all->counted)
			continue;
		(void)count_text(count_of(seen->seen), executions);
		cr_expect_str_eq(count_text(known->interleavings, text),
		                 executions, "%s: \"%s\" %s times, and %s",
		                 source, seen->message, text, executions);
	}
}

/* Whether it was small enough. */
static bool compare(const char *source, enum memory_model memory)
{
	struct explore_spec spec = explored_spec(0, 2, memory);
	const char *object = explored_source(source);
	struct verdict *all = explored_in(object, &spec), *every;
	bool small =
	        all->complete && all->states <= SMALL && !all->outcome[0].pc;

	if (small) {
		spec.search = SEARCH_EVERY;
		spec.max_seconds = 1;
		every = explored_in(object, &spec);
		small = every->complete;
		if (small)
			expect_same(source, all, every);
		verdict_free(every);
	}
	verdict_free(all);
	return small;
}

Test(explore_small, finds_the_same_over_states_and_over_executions,
     .timeout = 200)
{
	glob_t sources;
	unsigned compared = 0;

	cr_assert_eq(glob("tests/explore/*.c", 0, NULL, &sources), 0,
	             "no programs: run it from the top folder");
	for (size_t i = 0; i < sources.gl_pathc; i++) {
		if (strstr(sources.gl_pathv[i], "endless"))
			continue; /* each execution of it takes a second */
		compared += compare(sources.gl_pathv[i], MEMORY_SC);
		compared += compare(sources.gl_pathv[i], MEMORY_TSO);
	}
	globfree(&sources);
	cr_expect_geq(compared, ENOUGH, "only %u were small", compared);
}
