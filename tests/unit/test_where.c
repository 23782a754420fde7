#include "harness/view/where.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fixtures/records.h"

static void add(struct archive *archive, json_t *record)
{
	struct complaint complaint = { 0 };

	cr_assert_not_null(record, "the test's own record is wrong");
	cr_assert_eq(archive_add(archive, record, &complaint), 0, "%s",
	             complaint.why);
	json_decref(record);
}

/* A run whose counters are as PERF says; NULL: it says nothing. */
static struct archive with_run(const char *perf)
{
	struct archive archive = { 0 };
	json_t *run = records_run("R");

	if (perf)
		(void)json_object_set_new(run, "perf", json_string(perf));
	add(&archive, run);
	return archive;
}

/* What one worker used in a trial of 100 us with 1000 increments of each. */
struct used {
	int user_ns, system_ns, voluntary, involuntary, cycles;
};

/* CYCLES below 0: not counted. The second worker uses nothing. */
static json_t *trial_of(const char *strategy, unsigned block,
                        const struct used *used)
{
	struct records_trial trial = { .run = "R",
		                       .strategy = strategy,
		                       .block = block,
		                       .workers = 2,
		                       .ns = 50,
		                       .evidence = "exact" };
	json_t *record = records_trial(&trial);

	for (size_t i = 0; i < 2; i++) {
		json_t *worker =
		        json_array_get(json_object_get(record, "worker"), i);
		json_t *more = json_pack(
		        "{s:i, s:i, s:i, s:i, s:o, s:n, s:n}", "user_ns",
		        i ? 0 : used->user_ns, "system_ns",
		        i ? 0 : used->system_ns, "voluntary_switches",
		        i ? 0 : used->voluntary, "involuntary_switches",
		        i ? 0 : used->involuntary, "cycles",
		        used->cycles < 0 ? json_null()
		                         : json_integer(i ? 0 : used->cycles),
		        "instructions", "cache_misses");

		(void)json_object_update(worker, more);
		json_decref(more);
	}
	return record;
}

static void add_trial(struct archive *archive, const char *strategy,
                      unsigned block, const struct used *used)
{
	add(archive, trial_of(strategy, block, used));
}

/* The table of ARCHIVE, which it frees. */
static char *where_from(struct archive *archive)
{
	struct comparison comparison;
	char *text;

	cr_assert_geq(archive_select(archive, NULL), 0, "no run");
	cr_assert_eq(comparison_of(&comparison, archive), 0, "no memory");
	text = where_of(&comparison, false);
	cr_assert_not_null(text, "no text");
	comparison_free(&comparison);
	archive_free(archive);
	return text;
}

static void expect_part(const char *text, const char *part)
{
	cr_expect_not_null(strstr(text, part), "\"%s\" is not in\n%s", part,
	                   text);
}

static void expect_80_columns(char *text)
{
	for (char *line = strsep(&text, "\n"); line; line = strsep(&text, "\n"))
		cr_expect_leq(strlen(line), 80, "%zu columns: %s", strlen(line),
		              line);
}

/* 2 CPUs had 200 us, of which 60 + 20 were used, for 2000 increments. */
Test(where, divides_by_all_increments)
{
	struct archive archive = with_run(NULL);
	struct used used = { 60000, 20000, 4, 2, 300000 };
	char *text;

	add_trial(&archive, "mutex", 1, &used);
	text = where_from(&archive);
	expect_part(text, "2 workers on 2 CPUs (pin spread), trials of 100 ms");
	expect_part(text,
	            "\nmutex          30.0    10.0    60.0   2.00k   1.00k"
	            "     150       -       -\n");
	free(text);
}

/* The usage is read outside of the time that it is taken from. */
Test(where, uses_no_more_than_there_was)
{
	struct archive archive = with_run(NULL);
	struct used used = { 200000, 1000, 0, 0, -1 };
	char *text;

	add_trial(&archive, "ticket", 1, &used);
	text = where_from(&archive);
	expect_part(text,
	            "\nticket          100    0.50    0.00    0.00    0.00"
	            "       -       -       -\n");
	free(text);
}

Test(where, has_medians_of_what_is_known)
{
	struct archive archive = with_run(NULL);
	json_t *invalid;
	char *text;

	for (unsigned block = 1; block <= 3; block++) {
		struct used used = { 2000 * (int)(block * block), 0, 0, 0,
			             block == 2 ? -1 : 2000 * (int)block };

		add_trial(&archive, "mutex", block, &used);
	}
	invalid = trial_of("mutex", 4, &(struct used){ 0 });
	(void)json_object_set_new(invalid, "valid", json_false());
	add(&archive, invalid);
	text = where_from(&archive);
	/* 1 4 9, and 1 3, the second not known; an invalid one enters nothing */
	expect_part(text,
	            "\nmutex          4.00    0.00    96.0    0.00    0.00"
	            "    2.00       -       -\n");
	free(text);
}

Test(where, has_nothing_of_records_that_do_not_tell)
{
	struct archive archive = with_run(NULL);
	struct records_trial old = { .run = "R",
		                     .strategy = "mutex",
		                     .block = 1,
		                     .workers = 2,
		                     .ns = 50,
		                     .evidence = "exact" };
	char *text;

	add(&archive, records_trial(&old));
	text = where_from(&archive);
	expect_part(text,
	            "\nmutex             -       -       -       -       -"
	            "       -       -       -\n");
	free(text);
	archive = with_run(NULL);
	old.evidence = NULL; /* invalid */
	add(&archive, records_trial(&old));
	text = where_from(&archive);
	cr_expect_str_eq(text, "", "%s", text);
	free(text);
}

Test(where, says_once_what_is_not_counted)
{
	struct archive archive = with_run("ENOENT: no hardware counters here");
	struct used used = { 1, 1, 1, 1, -1 };
	const char *said;
	char *text;

	add_trial(&archive, "mutex", 1, &used);
	add_trial(&archive, "atomic", 1, &used);
	text = where_from(&archive);
	said = strstr(text, "\ncounters       ENOENT: no hardware counters");
	cr_assert_not_null(said, "not said: %s", text);
	cr_expect_null(strstr(strstr(said, "here"), "ENOENT"), "said twice");
	expect_80_columns(text);
	free(text);
	archive = with_run(NULL);
	add_trial(&archive, "mutex", 1, &used);
	text = where_from(&archive);
	cr_expect_null(strstr(text, "\ncounters "), "all is counted");
	free(text);
}

Test(where, has_at_most_80_columns)
{
	static const char *const names[] = { "a", "fourteen_chars",
		                             "sixteen_letters_" };
	struct archive archive = with_run(
	        "EOPNOTSUPP: no hardware counters here; user mode only: "
	        "perf_event_paranoid is 3");
	struct used used = { INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX,
		             INT32_MAX };
	char *text;

	for (size_t i = 0; i < 3; i++)
		add_trial(&archive, names[i], 1, &used);
	text = where_from(&archive);
	expect_80_columns(text);
	free(text);
}
