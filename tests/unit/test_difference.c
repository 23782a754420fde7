#include "harness/view/difference.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/random.h"
#include "tests/fixtures/records.h"

static void add(struct archive *archive, json_t *record)
{
	struct complaint complaint = { 0 };

	cr_assert_not_null(record, "the test's own record is wrong");
	cr_assert_eq(archive_add(archive, record, &complaint), 0, "%s",
	             complaint.why);
	json_decref(record);
}

static struct archive with_run(const char *uuid)
{
	struct archive archive = { 0 };

	add(&archive, records_run(uuid));
	return archive;
}

static void add_trial(struct archive *archive, const char *strategy,
                      unsigned block, unsigned workers, double ns)
{
	struct records_trial trial = {
		.run = archive->runs[archive->runs_count - 1].uuid,
		.strategy = strategy,
		.block = block,
		.workers = workers,
		.ns = fabs(ns),
		.evidence = ns >= 0 ? "exact" : NULL, /* NULL: invalid */
	};

	add(archive, records_trial(&trial));
}

/* Two archives, or one and nothing. */
struct both {
	struct archive old, new;
	struct comparison before, after;
	struct difference difference;
};

static void compare_archives(struct both *both)
{
	cr_assert_geq(archive_select(&both->old, NULL), 0, "no run");
	cr_assert_geq(archive_select(&both->new, NULL), 0, "no run");
	cr_assert_eq(comparison_of(&both->before, &both->old), 0, "memory");
	cr_assert_eq(comparison_of(&both->after, &both->new), 0, "memory");
	cr_assert_eq(difference_of_archives(&both->difference, &both->before,
	                                    &both->after),
	             0, "memory");
}

static void compare_strategies(struct both *both, const char *a, const char *b)
{
	cr_assert_geq(archive_select(&both->old, NULL), 0, "no run");
	cr_assert_eq(comparison_of(&both->before, &both->old), 0, "memory");
	cr_assert_eq(difference_of_strategies(&both->difference, &both->before,
	                                      a, b),
	             0, "memory");
}

static void end(struct both *both)
{
	difference_free(&both->difference);
	comparison_free(&both->before);
	comparison_free(&both->after);
	archive_free(&both->old);
	archive_free(&both->new);
}

/* --- rows ----------------------------------------------------------------- */

Test(difference, has_a_row_for_each_cell_that_both_have)
{
	struct both both = {
		with_run("O"), with_run("N"), { 0 }, { 0 }, { 0 }
	};
	const struct difference_row *rows;

	add_trial(&both.old, "mutex", 1, 2, 9);
	add_trial(&both.old, "mutex", 1, 4, 9);
	add_trial(&both.old, "atomic", 1, 2, 5);
	add_trial(&both.old, "none", 1, 2, 1);
	add_trial(&both.new, "mutex", 1, 2, 18);
	add_trial(&both.new, "mutex", 1, 8, 9);
	add_trial(&both.new, "atomic", 1, 2, 4);
	compare_archives(&both);
	rows = both.difference.rows;
	cr_assert_eq(both.difference.count, 2, "%zu", both.difference.count);
	cr_expect_str_eq(rows[0].before->point.strategy, "atomic", "order");
	cr_expect_float_eq(rows[0].ratio.median, 0.8, 1e-12, "new/old");
	cr_expect_float_eq(rows[1].ratio.median, 2, 1e-12, "new/old");
	cr_expect_eq(rows[1].after->point.workers, 2, "workers");
	cr_expect_eq(both.difference.only_before, 2, "only in old");
	cr_expect_eq(both.difference.only_after, 1, "only in new");
	end(&both);
}

/* B is 3 and 5 times A, where the block is the same; one has no partner. */
Test(difference, strategies_are_paired_block_by_block)
{
	struct both both = { .old = with_run("O") };
	const struct difference_row *row;

	for (unsigned block = 1; block <= 9; block++) {
		add_trial(&both.old, "a", block, 2, block);
		add_trial(&both.old, "b", block, 2,
		          (block % 2 ? 3.0 : 5.0) * block);
	}
	add_trial(&both.old, "b", 10, 2, 77);
	add_trial(&both.old, "b", 1, 4, 77);
	compare_strategies(&both, "a", "b");
	cr_assert_eq(both.difference.count, 1, "%zu", both.difference.count);
	row = &both.difference.rows[0];
	cr_expect_eq(row->ratio.count, 9, "%zu pairs", row->ratio.count);
	cr_expect_float_eq(row->ratio.median, 3, 1e-12, "median");
	cr_expect_float_eq(row->ratio.low, 3, 1e-12, "low");
	cr_expect_float_eq(row->ratio.high, 5, 1e-12, "high");
	cr_expect_float_eq(row->p, 2 / 512.0, 1e-12, "p %g", row->p);
	cr_expect_eq(row->verdict, DIFFERENCE_SLOWER, "verdict");
	cr_expect_float_eq(difference_width(&both.difference), 2 / 3.0, 1e-12,
	                   "width");
	end(&both);
}

Test(difference, invalid_trials_never_enter)
{
	struct both both = { .old = with_run("O") };

	for (unsigned block = 1; block <= 8; block++) {
		add_trial(&both.old, "a", block, 2, 10);
		add_trial(&both.old, "b", block, 2, block > 3 ? 10 : -1000);
	}
	compare_strategies(&both, "a", "b");
	cr_expect_eq(both.difference.rows[0].ratio.count, 5, "pairs");
	cr_expect_float_eq(both.difference.rows[0].ratio.median, 1, 0, "ratio");
	end(&both);
}

/* --- verdicts ------------------------------------------------------------- */

/* ROWS strategies with TRIALS in each file; the new ones cost twice as much. */
static struct difference_row first_of(unsigned rows, unsigned trials)
{
	struct both both = {
		with_run("O"), with_run("N"), { 0 }, { 0 }, { 0 }
	};
	struct difference_row row;
	char name[2] = "";

	for (unsigned i = 0; i < rows; i++) {
		name[0] = (char)('a' + i);
		for (unsigned block = 1; block <= trials; block++) {
			add_trial(&both.old, name, block, 2, 100 + block + i);
			add_trial(&both.new, name, block, 2,
			          2 * (100 + block + i));
		}
	}
	compare_archives(&both);
	row = both.difference.rows[0];
	end(&both);
	return row;
}

/*
 * The smallest p of n and n values is 2 / (2n over n): 0.1, 0.029, 0.0079 and
 * 0.0022 with 3 to 6. It must stay below 0.05 after ten comparisons, too.
 */
Test(difference, too_few_trials_are_told_how_many_it_takes)
{
	cr_expect_eq(first_of(1, 3).verdict, DIFFERENCE_TOO_FEW, "3");
	cr_expect_eq(first_of(1, 3).needed, 4, "%zu", first_of(1, 3).needed);
	cr_expect_eq(first_of(1, 4).verdict, DIFFERENCE_SLOWER, "4");
	cr_expect_eq(first_of(1, 4).needed, 0, "needed");
	cr_expect_eq(first_of(10, 5).verdict, DIFFERENCE_TOO_FEW, "5 of 10");
	cr_expect_eq(first_of(10, 5).needed, 6, "%zu", first_of(10, 5).needed);
	cr_expect_eq(first_of(10, 6).verdict, DIFFERENCE_SLOWER, "6 of 10");
	cr_expect_float_eq(first_of(10, 6).p_holm, 10 * 2 / 924.0, 1e-12,
	                   "Holm");
}

Test(difference, pairs_need_six_blocks)
{
	for (unsigned blocks = 1; blocks <= 6; blocks++) {
		struct both both = { .old = with_run("O") };

		for (unsigned block = 1; block <= blocks; block++) {
			add_trial(&both.old, "a", block, 2, 2);
			add_trial(&both.old, "b", block, 2, 1);
		}
		compare_strategies(&both, "a", "b");
		cr_expect_eq(both.difference.rows[0].verdict,
		             blocks < 6 ? DIFFERENCE_TOO_FEW
		                        : DIFFERENCE_FASTER,
		             "%u", blocks);
		cr_expect_eq(both.difference.rows[0].needed, blocks < 6 ? 6 : 0,
		             "%u", blocks);
		end(&both);
	}
}

/* Without one valid trial there is nothing to say, and nothing to fall over. */
Test(difference, no_valid_trial_is_too_few)
{
	struct both both = {
		with_run("O"), with_run("N"), { 0 }, { 0 }, { 0 }
	};

	add_trial(&both.old, "a", 1, 2, -1);
	add_trial(&both.new, "a", 1, 2, 1);
	compare_archives(&both);
	cr_assert_eq(both.difference.count, 1, "row");
	cr_expect_eq(both.difference.rows[0].verdict, DIFFERENCE_TOO_FEW, "v");
	cr_expect(isinf(difference_width(&both.difference)), "width");
	end(&both);
}

/* --- the judge is not fooled ---------------------------------------------- */

/* About 1, spread as given, with a tail. */
static double timing(struct random *random, double spread)
{
	double x = ((double)(random_next(random) >> 12) + 0.5) / 0x1p52;

	return exp(spread * log(x / (1 - x)) / 2);
}

struct world {
	unsigned rows, blocks;
	double factor;        /* of the new, or of B */
	double spread, drift; /* of a trial; of a block, shared by a pair */
};

static const char *const names[] = { "p", "q", "r", "s", "t" };

static void add_world(struct random *random, struct archive *archive,
                      const struct world *world, double factor)
{
	for (unsigned block = 1; block <= world->blocks; block++) {
		for (unsigned i = 0; i < world->rows; i++)
			add_trial(archive, names[i], block, 2,
			          10 * factor * timing(random, world->spread));
	}
}

static bool shows(const struct difference *difference)
{
	for (size_t i = 0; i < difference->count; i++) {
		if (difference->rows[i].verdict == DIFFERENCE_FASTER ||
		    difference->rows[i].verdict == DIFFERENCE_SLOWER)
			return true;
	}
	return false;
}

/* In how many of TIMES two files show a difference in any row. */
static unsigned shown_apart(const struct world *world, unsigned times)
{
	struct random random = { 11 };
	unsigned shown = 0;

	for (unsigned i = 0; i < times; i++) {
		struct both both = {
			with_run("O"), with_run("N"), { 0 }, { 0 }, { 0 }
		};

		add_world(&random, &both.old, world, 1);
		add_world(&random, &both.new, world, world->factor);
		compare_archives(&both);
		shown += shows(&both.difference);
		end(&both);
	}
	return shown;
}

/* The same for two strategies, in blocks that drift. */
static unsigned shown_in_pairs(const struct world *world, unsigned times)
{
	struct random random = { 12 };
	unsigned shown = 0;

	for (unsigned i = 0; i < times; i++) {
		struct both both = { .old = with_run("O") };

		for (unsigned block = 1; block <= world->blocks; block++) {
			double slow = timing(&random, world->drift);

			add_trial(&both.old, "a", block, 2,
			          slow * timing(&random, world->spread));
			add_trial(&both.old, "b", block, 2,
			          world->factor * slow *
			                  timing(&random, world->spread));
		}
		compare_strategies(&both, "a", "b");
		shown += shows(&both.difference);
		end(&both);
	}
	return shown;
}

/* Five rows at 4 % each, uncorrected, would show one in 18 %: 73 of 400. */
Test(difference, equal_files_show_a_difference_in_at_most_5_percent)
{
	struct world equal = {
		.rows = 5, .blocks = 9, .factor = 1, .spread = 0.2
	};
	unsigned shown = shown_apart(&equal, 400);

	cr_expect_leq(shown, 20, "%u of 400", shown);
	cr_expect_gt(shown, 2, "only %u of 400: it never says anything", shown);
}

Test(difference, equal_strategies_show_a_difference_in_at_most_5_percent)
{
	struct world equal = {
		.blocks = 9, .factor = 1, .spread = 0.2, .drift = 1
	};
	unsigned shown = shown_in_pairs(&equal, 1000);

	cr_expect_leq(shown, 50, "%u of 1000", shown);
	cr_expect_gt(shown, 10, "only %u of 1000", shown);
}

Test(difference, five_percent_are_found_where_the_spread_is_small)
{
	struct world slower = { .rows = 1,
		                .blocks = 9,
		                .factor = 1.05,
		                .spread = 0.01,
		                .drift = 1 };

	cr_expect_geq(shown_apart(&slower, 100), 99, "apart");
	/* A block may be three times as slow as another. */
	cr_expect_geq(shown_in_pairs(&slower, 100), 99, "in pairs");
}

/* --- what is printed ------------------------------------------------------ */

/* Cuts TEXT up, and frees it. */
static void expect_80_columns(char *text)
{
	char *rest = text;

	cr_assert_not_null(text, "no text");
	for (char *line = strsep(&rest, "\n"); line;
	     line = strsep(&rest, "\n")) {
		cr_expect_leq(strlen(line), 80, "%zu columns: %s", strlen(line),
		              line);
		for (const char *c = line; *c; c++)
			cr_expect(*c >= ' ' && *c <= '~', "byte %d in %s", *c,
			          line);
	}
	free(text);
}

static const char *const long_names[] = { "a", "fifteen_letters",
	                                  "fourteen_words" };

static void add_extremes(struct archive *archive, unsigned trials,
                         const double factors[3])
{
	for (unsigned i = 0; i < 9; i++) {
		for (unsigned block = 1; block <= trials; block++)
			add_trial(archive, long_names[i % 3], block,
			          i < 3   ? 1
			          : i < 6 ? 2
			                  : 1024,
			          factors[i / 3] * block);
	}
	add_trial(archive, "killed", 1, 2, -1);
}

Test(difference, table_has_at_most_80_columns_of_ascii)
{
	static const double down[] = { 1e6, 1, 99.95 };
	static const double up[] = { 1e-3, 1e9, 99.94 };
	static const double tiny[] = { 1e-200, 1e-300, 1 };
	static const double huge[] = { 1e99, 1e300, 1e300 };

	for (unsigned trials = 1; trials <= 9; trials += 2) {
		const bool far = trials % 4 == 3;
		struct both both = {
			with_run("O"), with_run("N"), { 0 }, { 0 }, { 0 }
		};

		add_extremes(&both.old, trials, far ? tiny : down);
		add_extremes(&both.new, trials, far ? huge : up);
		compare_archives(&both);
		expect_80_columns(difference_table(&both.difference, false));
		expect_80_columns(difference_notes(&both.difference));
		difference_free(&both.difference);
		comparison_free(&both.before);
		compare_strategies(&both, "fifteen_letters", "a");
		expect_80_columns(difference_table(&both.difference, false));
		end(&both);
	}
}

static struct both equals_with(unsigned trials)
{
	struct both both = {
		with_run("O"), with_run("N"), { 0 }, { 0 }, { 0 }
	};

	for (unsigned block = 1; block <= trials; block++) {
		add_trial(&both.old, "mutex", block, 2, 10 + block);
		add_trial(&both.new, "mutex", block, 2, 10.5 + block);
	}
	return both;
}

static void expect_part(char *text, const char *part)
{
	cr_assert_not_null(text, "no text");
	cr_expect_not_null(strstr(text, part), "\"%s\" is not in\n%s", part,
	                   text);
	free(text);
}

Test(difference, table_says_what_its_signs_mean)
{
	struct both both = equals_with(9);

	compare_archives(&both);
	expect_part(difference_table(&both.difference, false),
	            "\n~      no difference is shown");
	end(&both);
	both = equals_with(2);
	compare_archives(&both);
	expect_part(difference_table(&both.difference, false),
	            " need 4 trials\n");
	expect_part(difference_table(&both.difference, false),
	            "\n~      in place of an interval");
	end(&both);
}

Test(difference, has_colors_only_where_they_are_wanted)
{
	struct both both = equals_with(9);
	char *plain, *colored;

	compare_archives(&both);
	plain = difference_table(&both.difference, false);
	colored = difference_table(&both.difference, true);
	cr_expect_null(strchr(plain, '\033'), "plain");
	cr_expect_not_null(strchr(colored, '\033'), "colored");
	free(plain);
	free(colored);
	end(&both);
}

Test(difference, notes_name_another_build_and_another_machine)
{
	struct both both = equals_with(4);
	json_t *host = json_object_get(both.new.runs[0].record, "host");

	(void)json_object_set_new(host, "compiler", json_string("cc\033[2J"));
	(void)json_object_set_new(host, "cpus_allowed", json_integer(64));
	compare_archives(&both);
	expect_part(difference_notes(&both.difference),
	            "note: the compiler differs\n  old: gcc 12.2.0\n"
	            "  new: cc?[2J\n");
	expect_part(difference_notes(&both.difference),
	            "warning: the CPUs allowed differ\n  old: 2\n  new: 64\n");
	end(&both);
}

Test(difference, json_has_every_row_with_its_numbers)
{
	struct both both = equals_with(3);
	json_t *json, *ratio;
	char *text;

	compare_archives(&both);
	text = difference_json(&both.difference);
	json = json_loads(text, 0, NULL);
	cr_assert_not_null(json, "%s", text);
	ratio = json_object_get(json, "ratio");
	cr_expect_str_eq(json_string_value(json_object_get(json, "verdict")),
	                 "too-few", "%s", text);
	cr_expect_eq(json_integer_value(json_object_get(json, "trials_needed")),
	             4, "%s", text);
	cr_expect(json_is_null(json_object_get(ratio, "low")), "%s", text);
	cr_expect_float_eq(json_number_value(json_object_get(json, "p")), 0.7,
	                   1e-9, "%s", text);
	json_decref(json);
	free(text);
	end(&both);
}

/* Costs with nothing to divide by, of ten in each file. */
static struct both far_apart(double old, double new)
{
	struct both both = {
		with_run("O"), with_run("N"), { 0 }, { 0 }, { 0 }
	};

	for (unsigned block = 1; block <= 10; block++) {
		add_trial(&both.old, "mutex", block, 2, old);
		add_trial(&both.new, "mutex", block, 2, new);
	}
	return both;
}

Test(difference, table_shows_a_ratio_of_any_size)
{
	struct both both = far_apart(1e-8, 1e300);

	compare_archives(&both);
	expect_part(
	        difference_table(&both.difference, false),
	        "   0.00  1e300   1e308 1e308-1e308 <.0001 <.0001  slower\n");
	end(&both);
	both = far_apart(1e300, 1e-8);
	compare_archives(&both);
	expect_part(difference_table(&both.difference, false),
	            "  1e300   0.00  1e-308 1e-308-1e-308 ");
	end(&both);
	both = far_apart(1e-300, 1e300);
	compare_archives(&both);
	expect_part(difference_table(&both.difference, false), " - -  ");
	end(&both);
}

/* More trials would not help. */
Test(difference, a_cost_of_0_has_no_ratio)
{
	struct both both = far_apart(0, 10);

	compare_archives(&both);
	cr_expect_eq(both.difference.rows[0].verdict, DIFFERENCE_NO_RATIO, "");
	cr_expect_eq(both.difference.rows[0].needed, 0, "needed");
	expect_part(difference_table(&both.difference, false),
	            "  a cost of 0\n");
	expect_part(difference_table(&both.difference, false),
	            "\na cost of 0  has no ratio");
	expect_part(difference_json(&both.difference),
	            "\"verdict\":\"no-ratio\",\"trials_needed\":null");
	end(&both);
}

Test(difference, rows_that_rest_on_noisy_trials_are_marked)
{
	struct both both = far_apart(10, 20);

	both.new.trials[3].noisy = true;
	(void)strcpy(both.new.trials[3].why, "it stood still");
	compare_archives(&both);
	expect_part(difference_table(&both.difference, false),
	            "\nmutex      !  10.0   20.0 ");
	expect_part(difference_table(&both.difference, false),
	            "\n!      1 of 20 trials were made while the machine was "
	            "busy with something else,\n       one of them: it stood "
	            "still; see racelab doctor\n");
	end(&both);
}

Test(difference, notes_count_what_is_there)
{
	struct both both = equals_with(4);
	json_t *host = json_object_get(both.new.runs[0].record, "host");

	(void)json_object_set_new(host, "flags", json_string("-O3"));
	add_trial(&both.new, "atomic", 1, 2, 1);
	compare_archives(&both);
	expect_part(difference_notes(&both.difference),
	            "note: the flags differ\n  old: -O2\n");
	expect_part(difference_notes(&both.difference),
	            "note: without a partner, 1 row of new left out\n");
	end(&both);
}
