#include "harness/view/outcomes_figure.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "tests/fixtures/explored.h"
#include "tests/fixtures/records.h"

#define HEADER                                                        \
	"strategy,workers,expected,total,p_interleavings,p_scheduler" \
	",observed,count\n"

static struct verdict verdict;

/* none with 2 workers x 2 increments. */
static struct verdict_names known(void)
{
	verdict.complete = verdict.counted = true;
	explored_count(explored_outcome(&verdict, VERDICT_EXACT, 4, "", NULL),
	               6, 0.25, 0.5);
	explored_count(
	        explored_outcome(&verdict, VERDICT_LOST_UPDATE, 2, "", NULL),
	        32, 0.75, 0.5);
	return explored_names("none", 2, 2);
}

static void expect_csv(const struct verdict_names *names,
                       const uint64_t *totals, size_t count, const char *want)
{
	char *csv = outcomes_csv(&verdict, names, totals, count);

	cr_assert_not_null(csv, "no CSV");
	cr_expect_str_eq(csv, want, "it is\n%s", csv);
	free(csv);
}

Test(outcomes_figure, has_the_probabilities_of_each_total_upwards)
{
	struct verdict_names names = known();

	explored_outcome(&verdict, VERDICT_DEADLOCK, 0, "A waits", NULL);
	expect_csv(&names, NULL, 0,
	           HEADER "none,2,4,2,0.75,0.5,,0\n"
	                  "none,2,4,4,0.25,0.5,,0\n");
}

Test(outcomes_figure, lays_the_observed_totals_over_them)
{
	static const uint64_t totals[] = { 4, 4, 3, 4 };
	struct verdict_names names = known();

	expect_csv(&names, totals, 4,
	           HEADER "none,2,4,2,0.75,0.5,0,0\n"
	                  "none,2,4,3,0,0,0.25,1\n"
	                  "none,2,4,4,0.25,0.5,0.75,3\n");
}

Test(outcomes_figure, leaves_empty_what_is_not_known)
{
	static const uint64_t totals[] = { 3 };
	struct verdict_names names = explored_names("/home/o x/my,f.c", 2, 2);

	explored_outcome(&verdict, VERDICT_LOST_UPDATE, 2, "", NULL);
	expect_csv(&names, totals, 1,
	           HEADER "my_f.c,2,4,2,,,0,0\n"
	                  "my_f.c,2,4,3,,,1,1\n");
}

Test(outcomes_figure, has_nothing_to_draw_of_a_program)
{
	static const uint64_t totals[] = { 3 };
	struct verdict_names names = known();

	names.program = true;
	expect_csv(&names, totals, 1, HEADER);
}

static void add(struct archive *archive, json_t *record)
{
	struct complaint complaint = { 0 };

	cr_assert_not_null(record, "the test's own record is wrong");
	cr_assert_eq(archive_add(archive, record, &complaint), 0, "%s",
	             complaint.why);
	json_decref(record);
}

Test(outcomes_figure, takes_the_trials_that_are_like_what_was_explored)
{
	static const struct records_trial trials[] = {
		{ "R", "none", 1, 2, 1, 500, "lost" },
		{ "R", "none", 2, 2, 1, 0, "exact" },
		{ "R", "none", 3, 2, 1, 0, NULL },
		{ "R", "none", 4, 3, 1, 0, "exact" },
		{ "R", "mutex", 5, 2, 1, 0, "exact" },
	};
	struct verdict_names names = explored_names("none", 2, 1000);
	struct archive archive = { 0 };
	uint64_t *totals;

	add(&archive, records_run("R"));
	for (size_t i = 0; i < sizeof(trials) / sizeof(trials[0]); i++)
		add(&archive, records_trial(&trials[i]));
	cr_assert_geq(archive_select(&archive, NULL), 0, "no run");
	cr_assert_eq(outcomes_observed(&archive, &names, &totals), 2);
	cr_expect_eq(totals[0], 1500);
	cr_expect_eq(totals[1], 2000);
	free(totals);
	names.machine.increments = 999;
	cr_expect_eq(outcomes_observed(&archive, &names, &totals), 0);
	free(totals);
	archive_free(&archive);
}

Test(outcomes_figure, says_what_was_explored_and_where_trials_were_made)
{
	struct verdict_names names = known();
	struct archive archive = { 0 };
	char *text = outcomes_head(&names);

	(void)strcpy(verdict.coverage, "complete");
	verdict.states = 57;
	cr_expect_str_eq(text, "none, 2 workers x 2 increments", "%s", text);
	free(text);
	names.machine.memory = MEMORY_TSO;
	text = outcomes_foot(&verdict, &names, NULL);
	cr_expect_str_eq(text, "Explored under x86-TSO: complete, 57 states",
	                 "%s", text);
	free(text);
	add(&archive, records_run("R"));
	cr_assert_geq(archive_select(&archive, NULL), 0, "no run");
	text = outcomes_foot(&verdict, &names, &archive);
	cr_expect_not_null(strstr(text, ". Trials: vm, AMD EPYC, Linux 6.1.0, "
	                                "pin spread"),
	                   "%s", text);
	free(text);
	archive_free(&archive);
}
