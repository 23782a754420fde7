#include "tests/unit/explored.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/explore/witness.h"
#include "harness/target/target.h"

struct explore_spec explored_spec(unsigned workers, uint64_t increments,
                                  enum memory_model memory)
{
	return (struct explore_spec){
		.machine = { .workers = workers,
		             .increments = increments,
		             .memory = memory,
		             .buffer = WITNESS_BUFFER,
		             .spurious = WITNESS_SPURIOUS },
		.preemptions = EXPLORE_ANY,
		.depth = 3,
		.seed = 1,
		.executions = 1000,
		.max_seconds = 120,
		.max_bytes = 1u << 30,
		.outcomes = true,
	};
}

const char *explored_object(const char *strategy)
{
	static char path[PATH_MAX];

	cr_assert_eq(target_find(strategy, false, path, sizeof(path)), 0,
	             "no object of %s", strategy);
	return path;
}

struct verdict *explored_in(const char *object, const struct explore_spec *spec)
{
	struct complaint complaint = { .what = "" };
	int err = 0;
	struct verdict *verdict = explore_run(object, spec, &err, &complaint);

	cr_assert_not_null(verdict, "%s: %s: %s", object, text_errno(-err),
	                   complaint.why);
	return verdict;
}

struct verdict *explored(const char *strategy, const struct explore_spec *spec)
{
	return explored_in(explored_object(strategy), spec);
}

const char *explored_count(const struct verdict *verdict, uint64_t total)
{
	static char text[COUNT_TEXT];

	for (size_t i = 0; i < verdict->outcomes; i++) {
		const struct outcome *outcome = &verdict->outcome[i];

		if (outcome->total == total)
			return count_text(outcome->interleavings, text);
	}
	return "-";
}

/* Into a folder of the test's own, which is left to who cleans /tmp: a test that
 * fails ends where it stands. */
static const char *compile(const char *source, const char *name, const char *cc)
{
	static char folder[] = "/tmp/explored-XXXXXX", object[PATH_MAX];
	static bool made;
	struct complaint complaint = { .what = "" };
	int err;

	if (!made)
		cr_assert_not_null(mkdtemp(folder), "no folder");
	made = true;
	(void)snprintf(object, sizeof(object), "%s/%s-%s.so", folder, name,
	               cc ? cc : "cc");
	err = target_compile(source, cc, object, &complaint);
	cr_assert_eq(err, 0, "%s: %s: %s", text_errno(-err), complaint.what,
	             complaint.why);
	return object;
}

const char *explored_compile(const char *name, const char *text, const char *cc)
{
	char source[64];
	FILE *file;

	(void)snprintf(source, sizeof(source), "/tmp/%s-%d.c", name, getpid());
	file = fopen(source, "w");
	cr_assert_not_null(file, "%s", source);
	cr_assert_geq(fputs(text, file), 0, "%s", source);
	cr_assert_eq(fclose(file), 0, "%s", source);
	text = compile(source, name, cc);
	(void)unlink(source);
	return text;
}

const char *explored_with(const char *strategy, const char *cc)
{
	char source[PATH_MAX];

	cr_assert_eq(target_find(strategy, true, source, sizeof(source)), 0,
	             "no source of %s", strategy);
	return compile(source, strategy, cc);
}

const char *explored_source(const char *path)
{
	return compile(path, "source", NULL);
}

bool explored_has(const char *cc)
{
	char command[64];

	(void)snprintf(command, sizeof(command), "command -v %s >/dev/null",
	               cc);
	return system(command) == 0; /* NOLINT(cert-env33-c): a test's own */
}
