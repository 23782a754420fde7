#include "harness/view/figure.h"

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

static void add_trial(struct archive *archive, const char *strategy,
                      unsigned block, unsigned workers, double ns,
                      const char *evidence)
{
	struct records_trial trial = {
		.run = "R",
		.strategy = strategy,
		.block = block,
		.workers = workers,
		.ns = ns,
		.lost = evidence && strcmp(evidence, "lost") == 0 ? 100 * block
		                                                  : 0,
		.evidence = evidence,
	};

	add(archive, records_trial(&trial));
}

/* none lost 5, 10 and 15 %; mutex has six trials, and so an interval. */
static struct archive known(void)
{
	struct archive archive = { 0 };

	add(&archive, records_run("R"));
	for (unsigned block = 1; block <= 3; block++) {
		add_trial(&archive, "none", block, 2, block, "lost");
		add_trial(&archive, "none", block, 1, 0.5, "insufficient");
	}
	for (unsigned block = 1; block <= 6; block++)
		add_trial(&archive, "mutex", block, 2, 10 * block,
		          block > 4 ? "insufficient" : "exact");
	add_trial(&archive, "broken", 1, 2, 1, NULL);
	add_trial(&archive, "none", 4, 2, 1, NULL);
	return archive;
}

/* The CSV of the figure of that name; frees the archive. */
static char *csv_of(const char *name, struct archive *archive)
{
	struct comparison comparison;
	char *csv = NULL;

	cr_assert_geq(archive_select(archive, NULL), 0, "no run");
	cr_assert_eq(comparison_of(&comparison, archive), 0, "no memory");
	for (const struct figure *figure = figures; figure->name; figure++) {
		if (strcmp(figure->name, name) == 0)
			csv = figure->csv(&comparison);
	}
	cr_assert_not_null(csv, "there is no figure %s", name);
	comparison_free(&comparison);
	archive_free(archive);
	return csv;
}

static void expect_csv(const char *name, const char *want)
{
	struct archive archive = known();
	char *csv = csv_of(name, &archive);

	cr_expect_str_eq(csv, want, "%s.csv is\n%s", name, csv);
	free(csv);
}

Test(figure, cost_has_median_and_interval_of_each_cell)
{
	static const char want[] = "strategy,workers,ns,low,high,trials\n"
	                           "none,1,0.5,,,3\n"
	                           "none,2,2,,,3\n"
	                           "mutex,2,35,10,60,6\n";

	expect_csv("cost", want);
	expect_csv("scaling", want);
}

Test(figure, lost_leaves_out_who_has_nobody_to_lose_to)
{
	expect_csv("lost", "strategy,workers,share,low,high,trials,"
	                   "insufficient\n"
	                   "none,2,0.1,,,3,0\n"
	                   "mutex,2,0,0,0,6,2\n");
}

Test(figure, share_is_of_the_largest_number_of_workers)
{
	expect_csv("share", "strategy,workers,worker,share,fairness\n"
	                    "none,2,1,0.5,1\n"
	                    "none,2,2,0.5,1\n"
	                    "mutex,2,1,0.5,1\n"
	                    "mutex,2,2,0.5,1\n");
}

Test(figure, share_is_the_median_over_the_trials)
{
	static const int done[] = { 500, 1500, 1800 }; /* of 2000 */
	struct archive archive = { 0 };
	char *csv;

	add(&archive, records_run("R"));
	for (unsigned i = 0; i < 3; i++) {
		struct records_trial trial = { .run = "R",
			                       .strategy = "mutex",
			                       .block = i + 1,
			                       .workers = 2,
			                       .ns = 1,
			                       .evidence = "exact" };
		json_t *record = records_trial(&trial);
		json_t *workers = json_object_get(record, "worker");

		(void)json_object_set_new(json_array_get(workers, 0), "done",
		                          json_integer(done[i]));
		(void)json_object_set_new(json_array_get(workers, 1), "done",
		                          json_integer(2000 - done[i]));
		add(&archive, record);
	}
	csv = csv_of("share", &archive);
	cr_expect_str_eq(csv,
	                 "strategy,workers,worker,share,fairness\n"
	                 "mutex,2,1,0.75,1\n"
	                 "mutex,2,2,0.25,1\n",
	                 "%s", csv);
	free(csv);
}

Test(figure, totals_are_those_of_none_with_two_or_more)
{
	expect_csv("totals", "strategy,workers,observed,expected\n"
	                     "none,2,1900,2000\n"
	                     "none,2,1800,2000\n"
	                     "none,2,1700,2000\n");
}

Test(figure, of_nothing_has_only_its_header)
{
	for (const struct figure *figure = figures; figure->name; figure++) {
		struct archive archive = { 0 };
		char *csv;

		add(&archive, records_run("R"));
		csv = csv_of(figure->name, &archive);
		cr_expect_eq(figure_rows(csv), 0, "%s: %s", figure->name, csv);
		cr_expect_not_null(strchr(csv, '\n'), "%s: no header",
		                   figure->name);
		free(csv);
	}
}

Test(figure, rows_are_lines_but_for_the_first)
{
	cr_expect_eq(figure_rows(""), 0, "nothing");
	cr_expect_eq(figure_rows("a\n"), 0, "a header");
	cr_expect_eq(figure_rows("a\nb\n"), 1, "a row");
	cr_expect_eq(figure_rows("a\nb\nc\n"), 2, "two rows");
}

/* --- the texts above and below -------------------------------------------- */

/* With parts of the run's record set to texts or numbers as JSON. */
static char *text_with(const char *part, const char *key, const char *value,
                       char *(*text_of)(const struct comparison *))
{
	struct archive archive = { 0 };
	struct comparison comparison;
	json_t *run = records_run("R");
	char *text;

	if (part)
		(void)json_object_set_new(
		        json_object_get(run, part), key,
		        json_loads(value, JSON_DECODE_ANY, NULL));
	add(&archive, run);
	add_trial(&archive, "none", 1, 2, 1, "lost");
	add_trial(&archive, "none", 2, 2, 1, "lost");
	add_trial(&archive, "none", 3, 2, 1, NULL);
	cr_assert_geq(archive_select(&archive, NULL), 0, "no run");
	cr_assert_eq(comparison_of(&comparison, &archive), 0, "no memory");
	text = text_of(&comparison);
	cr_assert_not_null(text, "no text");
	comparison_free(&comparison);
	archive_free(&archive);
	return text;
}

static void expect_text(char *text, const char *want)
{
	cr_expect_str_eq(text, want, "%s", text);
	free(text);
}

Test(figure, head_is_the_machine)
{
	expect_text(text_with(NULL, NULL, NULL, figure_head), "2 CPUs");
	expect_text(text_with("host", "cpus_allowed", "1", figure_head),
	            "1 CPU");
	expect_text(text_with("host", "cgroup_quota_cpus", "1.5", figure_head),
	            "2 CPUs, limited to 1.5");
}

Test(figure, foot_is_host_and_date_and_what_was_done)
{
	expect_text(
	        text_with(NULL, NULL, NULL, figure_foot),
	        "vm, AMD EPYC, Linux 6.1.0, 2026-02-03: 2 trials of 100 ms, "
	        "pin spread");
	expect_text(text_with("spec", "time_ms", "null", figure_foot),
	            "vm, AMD EPYC, Linux 6.1.0, 2026-02-03: 2 trials of 0 "
	            "increments, pin spread");
}

/* It goes to gnuplot as an argument, and into the SVG: it must stay inert. */
Test(figure, foot_is_one_line_of_printable_ascii_whatever_a_record_says)
{
	static const char *const hostile[] = { "\"a\\nb\\rc\\td\"",
		                               "\"\\u001b[31m\\u007f\"",
		                               "\"\u00e9\u4e2d\\ud83d\\ude00\"",
		                               "\"`x` $(x) '\\\" <&> @ _\"",
		                               "7",
		                               "null",
		                               "[]" };

	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		char *text =
		        text_with("host", "cpu_model", hostile[i], figure_foot);

		for (const char *c = text; *c; c++)
			cr_expect(*c >= ' ' && *c <= '~', "byte %d of %s", *c,
			          text);
		free(text);
	}
}

Test(figure, each_has_a_script)
{
	static const char *const scripts[] = { "cost",   "lost",   "scaling",
		                               "share",  "totals", "latency",
		                               "inside", "window" };
	size_t count = 0;

	for (const struct figure *figure = figures; figure->name; figure++) {
		cr_assert_lt(count, 8, "more than eight");
		cr_expect_str_eq(figure->name, scripts[count++], "%s",
		                 figure->name);
	}
	cr_expect_eq(count, 8, "%zu", count);
}
