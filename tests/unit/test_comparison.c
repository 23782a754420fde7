#include "harness/view/comparison.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/view/summary_json.h"
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
		.lost = evidence && strcmp(evidence, "lost") == 0 ? 100 : 0,
		.evidence = evidence,
	};

	add(archive, records_trial(&trial));
}

static struct archive with_run(void)
{
	struct archive archive = { 0 };

	add(&archive, records_run("R"));
	return archive;
}

static struct comparison compared(struct archive *archive)
{
	struct comparison comparison;

	cr_assert_geq(archive_select(archive, NULL), 0, "no run");
	cr_assert_eq(comparison_of(&comparison, archive), 0, "no memory");
	return comparison;
}

static const struct comparison_cell *cell_of(
        const struct comparison *comparison, const char *strategy,
        unsigned workers)
{
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		if (cell->point.workers == workers &&
		    strcmp(cell->point.strategy, strategy) == 0)
			return cell;
	}
	cr_assert_fail("there is no cell of %s with %u", strategy, workers);
	return NULL;
}

Test(comparison, has_a_cell_for_each_strategy_with_each_number_of_workers)
{
	struct archive archive = with_run();
	struct comparison comparison;
	const struct comparison_cell *cell;

	for (unsigned block = 1; block <= 3; block++) {
		add_trial(&archive, "none", block, 2, block, "lost");
		add_trial(&archive, "none", block, 1, 7, "insufficient");
		add_trial(&archive, "mutex", block, 2, 9, "exact");
	}
	comparison = compared(&archive);
	cr_expect_eq(comparison.count, 3, "%zu cells", comparison.count);
	cell = cell_of(&comparison, "none", 2);
	cr_expect_eq(cell->trials, 3, "trials");
	cr_expect_eq(cell->lost, 3, "that lost");
	cr_expect_eq(cell->preempted, 3, "the most in one");
	cr_expect_float_eq(cell->ns.median, 2, 0, "the median of 1 2 3");
	cr_expect_float_eq(cell->lost_share.median, 0.05, 1e-12, "share");
	cr_expect_float_eq(cell->overlap.median, 0.9, 1e-12, "overlap");
	cr_expect_float_eq(cell->fairness, 1, 0, "fairness");
	comparison_free(&comparison);
	archive_free(&archive);
}

Test(comparison, stands_by_workers_then_by_cost)
{
	static const struct {
		const char *strategy;
		unsigned workers;
	} want[] = { { "b", 1 }, { "a", 1 },      { "a", 2 }, { "b", 2 },
		     { "c", 2 }, { "broken", 2 }, { "a", 10 } };
	struct archive archive = with_run();
	struct comparison comparison;

	add_trial(&archive, "broken", 1, 2, 0.1, NULL);
	add_trial(&archive, "a", 1, 10, 1, "exact");
	add_trial(&archive, "c", 1, 2, 7, "exact");
	add_trial(&archive, "b", 1, 2, 5, "exact");
	add_trial(&archive, "a", 1, 2, 5, "exact");
	add_trial(&archive, "a", 1, 1, 9, "exact");
	add_trial(&archive, "b", 1, 1, 3, "exact");
	comparison = compared(&archive);
	cr_assert_eq(comparison.count, 7, "%zu cells", comparison.count);
	for (size_t i = 0; i < 7; i++)
		cr_expect(comparison.cells[i].point.workers ==
		                          want[i].workers &&
		                  strcmp(comparison.cells[i].point.strategy,
		                         want[i].strategy) == 0,
		          "place %zu is %s with %u", i,
		          comparison.cells[i].point.strategy,
		          comparison.cells[i].point.workers);
	comparison_free(&comparison);
	archive_free(&archive);
}

/*
 * A machine that drifts from 1 to 100: the costs of atomic and mutex vary a
 * hundredfold, their ratio within a block does not. The ratio of the medians
 * would be 2; of the wrong pairs, anything.
 */
Test(comparison, divides_within_a_block)
{
	static const double atomic[] = { 1, 100, 10, 3, 30, 50 };
	static const double ratio[] = { 2, 3, 4, 5, 6, 7 };
	struct archive archive = with_run();
	struct comparison comparison;
	const struct comparison_cell *cell;

	for (unsigned i = 0; i < 6; i++) {
		/* In another order in each block. */
		if (i % 2)
			add_trial(&archive, "atomic", i + 1, 2, atomic[i],
			          "exact");
		add_trial(&archive, "mutex", i + 1, 2, atomic[i] * ratio[i],
		          "exact");
		if (i % 2 == 0)
			add_trial(&archive, "atomic", i + 1, 2, atomic[i],
			          "exact");
	}
	comparison = compared(&archive);
	cell = cell_of(&comparison, "mutex", 2);
	cr_expect_eq(cell->to_atomic.count, 6, "pairs");
	cr_expect_float_eq(cell->to_atomic.median, 4.5, 1e-12, "%g",
	                   cell->to_atomic.median);
	cr_expect(cell->to_atomic.interval, "six have an interval");
	cr_expect_float_eq(cell->to_atomic.low, 2, 1e-12, "the least");
	cr_expect_float_eq(cell->to_atomic.high, 7, 1e-12, "the most");
	cr_expect_eq(cell->to_none.count, 0, "none did not run");
	cell = cell_of(&comparison, "atomic", 2);
	cr_expect_float_eq(cell->to_atomic.median, 1, 0, "atomic by itself");
	comparison_free(&comparison);
	archive_free(&archive);
}

Test(comparison, divides_only_by_a_partner_of_the_same_kind)
{
	struct archive archive = with_run();
	struct comparison comparison;
	struct records_trial elsewhere = { .run = "S",
		                           .strategy = "none",
		                           .block = 4,
		                           .workers = 2,
		                           .ns = 1,
		                           .evidence = "lost" };

	add(&archive, records_run("S"));
	/* Another number of workers, another block, invalid, another run. */
	add_trial(&archive, "none", 1, 1, 1, "insufficient");
	add_trial(&archive, "none", 2, 2, 1, "lost");
	add_trial(&archive, "none", 3, 2, 1, NULL);
	add(&archive, records_trial(&elsewhere));
	add_trial(&archive, "mutex", 1, 2, 8, "exact");
	add_trial(&archive, "mutex", 3, 2, 8, "exact");
	add_trial(&archive, "mutex", 4, 2, 8, "exact");
	comparison = compared(&archive);
	cr_expect_eq(cell_of(&comparison, "mutex", 2)->to_none.count, 0,
	             "it found one");
	comparison_free(&comparison);
	archive_free(&archive);
}

Test(comparison, invalid_trials_enter_no_figure)
{
	struct archive archive = with_run();
	struct comparison comparison;
	const struct comparison_cell *cell;

	add_trial(&archive, "mutex", 1, 2, 5, "exact");
	add_trial(&archive, "mutex", 2, 2, 1e9, NULL);
	comparison = compared(&archive);
	cell = cell_of(&comparison, "mutex", 2);
	cr_expect(cell->trials == 1 && cell->invalid == 1, "one of each");
	cr_expect(cell->ns.count == 1 && cell->lost_share.count == 1 &&
	                  cell->overlap.count == 1,
	          "they are in the figures");
	cr_expect_float_eq(cell->ns.median, 5, 0, "%g", cell->ns.median);
	comparison_free(&comparison);
	archive_free(&archive);
}

Test(comparison, runs_that_are_not_selected_are_left_out)
{
	struct archive archive = with_run();
	json_t *other = records_run("S");
	struct records_trial trial = { .run = "S",
		                       .strategy = "mutex",
		                       .block = 1,
		                       .workers = 2,
		                       .ns = 7,
		                       .evidence = "exact" };
	struct comparison comparison;

	(void)json_object_set_new(json_object_get(other, "host"), "name",
	                          json_string("elsewhere"));
	add_trial(&archive, "mutex", 1, 2, 5, "exact");
	add(&archive, records_control("R", 1, 2, 0.1, 10));
	add(&archive, other);
	add(&archive, records_trial(&trial));
	add(&archive, records_control("S", 1, 2, 0.3, 30));
	comparison = compared(&archive);
	cr_expect_eq(cell_of(&comparison, "mutex", 2)->trials, 1, "one");
	cr_expect_float_eq(cell_of(&comparison, "mutex", 2)->ns.median, 7, 0,
	                   "the last run's");
	cr_expect_float_eq(comparison_timer_ns(&comparison), 30, 0, "timer");
	cr_expect_float_eq(comparison_empty_ns(&comparison, 2), 0.3, 0,
	                   "empty");
	comparison_free(&comparison);
	archive_free(&archive);
}

Test(comparison, has_the_medians_of_its_controls)
{
	struct archive archive = with_run();
	struct comparison comparison;

	add(&archive, records_control("R", 1, 1, 0.4, 20));
	add(&archive, records_control("R", 1, 2, 0.2, 26));
	add(&archive, records_control("R", 2, 1, 0.6, 22));
	add(&archive, records_control("R", 3, 1, 9.9, 90));
	comparison = compared(&archive);
	cr_expect_float_eq(comparison_empty_ns(&comparison, 1), 0.6, 0, "1");
	cr_expect_float_eq(comparison_empty_ns(&comparison, 2), 0.2, 0, "2");
	cr_expect(isnan(comparison_empty_ns(&comparison, 3)), "3");
	cr_expect_float_eq(comparison_timer_ns(&comparison), 24, 0, "timer");
	comparison_free(&comparison);
	archive_free(&archive);
}

Test(comparison, one_lost_update_outweighs_all_other_evidence)
{
	static const struct {
		struct comparison_cell cell;
		enum evidence evidence;
	} known[] = {
		{ { .lost = 1, .exact = 9 }, EVIDENCE_LOST },
		{ { .lost = 1, .insufficient = 9 }, EVIDENCE_LOST },
		{ { .exact = 1, .insufficient = 9 }, EVIDENCE_EXACT },
		{ { .insufficient = 1 }, EVIDENCE_INSUFFICIENT },
		{ { .invalid = 9 }, EVIDENCE_NONE },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		cr_expect_eq(comparison_evidence(&known[i].cell),
		             known[i].evidence, "case %zu", i);
}

/* --- for programs --------------------------------------------------------- */

/* The first summary of a comparison, as JSON; the others are dropped. */
static json_t *first_summary(struct archive *archive)
{
	struct comparison comparison = compared(archive);
	char *text = summary_json(&comparison);
	json_t *json;

	cr_assert_not_null(text, "no text");
	text[strcspn(text, "\n")] = '\0';
	json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(json, "no JSON: %s", text);
	free(text);
	comparison_free(&comparison);
	return json;
}

static double number_of(const json_t *json, const char *key, const char *part)
{
	const json_t *value = json_object_get(json, key);

	if (part)
		value = json_object_get(value, part);
	return json_is_number(value) ? json_number_value(value) : NAN;
}

/* Noisy trials enter the figures: who reads them is told how many. */
Test(comparison, counts_noisy_trials_and_keeps_them)
{
	struct archive archive = with_run();
	struct records_trial noisy = { .run = "R",
		                       .strategy = "mutex",
		                       .block = 4,
		                       .workers = 2,
		                       .ns = 100,
		                       .evidence = "exact" };
	struct comparison comparison;
	json_t *json;

	add_trial(&archive, "mutex", 1, 2, 10, "exact");
	add_trial(&archive, "mutex", 2, 2, 20, "exact");
	add(&archive, records_noise(records_trial(&noisy), "pressure 43 %"));
	noisy.block = 5;
	noisy.evidence = NULL; /* invalid ones enter nothing */
	add(&archive, records_noise(records_trial(&noisy), "pressure 43 %"));
	comparison = compared(&archive);
	cr_expect_eq(comparison.cells[0].noisy, 1, "%zu noisy",
	             comparison.cells[0].noisy);
	cr_expect_eq(comparison.cells[0].trials, 3, "all enter");
	cr_expect_float_eq(comparison.cells[0].ns.median, 20, 0, "median");
	comparison_free(&comparison);
	json = first_summary(&archive);
	cr_expect_eq(json_integer_value(json_object_get(json, "noisy")), 1,
	             "for programs");
	json_decref(json);
	archive_free(&archive);
}

Test(comparison, is_told_to_programs)
{
	struct archive archive = with_run();
	json_t *json;

	for (unsigned block = 1; block <= 6; block++)
		add_trial(&archive, "mutex", block, 2, 10 * block, "exact");
	add(&archive, records_control("R", 1, 2, 0.25, 20));
	json = first_summary(&archive);
	cr_expect_str_eq(json_string_value(json_object_get(json, "type")),
	                 "summary", "type");
	cr_expect_str_eq(json_string_value(json_object_get(json, "strategy")),
	                 "mutex", "strategy");
	cr_expect_str_eq(json_string_value(json_object_get(json, "evidence")),
	                 "exact", "evidence");
	cr_expect_float_eq(number_of(json, "schema", NULL), 1, 0, "schema");
	cr_expect_float_eq(number_of(json, "trials", NULL), 6, 0, "trials");
	cr_expect_float_eq(number_of(json, "ns_per_increment", "median"), 35, 0,
	                   "median");
	cr_expect_float_eq(number_of(json, "ns_per_increment", "low"), 10, 0,
	                   "low");
	cr_expect_float_eq(number_of(json, "ns_per_increment", "high"), 60, 0,
	                   "high");
	cr_expect_float_eq(number_of(json, "empty_ns_per_increment", NULL),
	                   0.25, 0, "empty");
	cr_expect_float_eq(number_of(json, "lost_rate_below", NULL), 0.5, 1e-9,
	                   "3/6");
	cr_expect(json_is_null(json_object_get(json, "ratio_to_none")), "none");
	json_decref(json);
	archive_free(&archive);
}

Test(comparison, tells_programs_null_for_what_there_is_not)
{
	struct archive archive = with_run();
	json_t *json;

	add_trial(&archive, "none", 1, 2, 10, "lost");
	add_trial(&archive, "none", 2, 2, 10, "exact");
	json = first_summary(&archive);
	cr_expect(json_is_null(json_object_get(json, "lost_rate_below")),
	          "a rate below, of what was seen");
	cr_expect(isnan(number_of(json, "ns_per_increment", "low")),
	          "an interval of two");
	cr_expect_float_eq(number_of(json, "ratio_to_none", "median"), 1, 0,
	                   "by itself");
	json_decref(json);
	archive_free(&archive);
}
