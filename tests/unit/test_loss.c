#include "harness/view/loss.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/stats/loss.h"

/*
 * Two workers with a window of 100 ns: what two clocks give that do not wait
 * for each other.
 */
Test(loss, is_the_share_of_time_in_the_window_for_two)
{
	cr_expect_float_eq(loss_predicted(2, 100, 160), 100.0 / 260, 1e-12, "");
	cr_expect_float_eq(loss_predicted(2, 100, 900), 0.1, 1e-12, "");
	cr_expect_float_eq(loss_predicted(2, 100, 0), 0.5, 1e-12, "saturated");
	cr_expect(isnan(loss_predicted(2, 0, 0)), "no time at all");
}

Test(loss, grows_with_workers_up_to_all_but_one_of_them)
{
	cr_expect_float_eq(loss_predicted(3, 100, 900), 0.19, 1e-12, "");
	cr_expect_float_eq(loss_predicted(4, 100, 0), 0.75, 1e-12, "");
	cr_expect_float_eq(loss_predicted(1, 100, 0), 0, 1e-12, "alone");
	for (unsigned workers = 2; workers < 50; workers++)
		cr_expect_geq(loss_predicted(workers + 1, 50, 950),
		              loss_predicted(workers, 50, 950), "%u", workers);
}

/* A million random moments, with a seed: no luck, and no formula. */
Test(loss, is_what_a_simulation_of_three_clocks_gives)
{
	const double window = 30, think = 270;
	const unsigned workers = 3, tries = 1000000;
	unsigned lost = 0;
	uint64_t state = 7;

	for (unsigned i = 0; i < tries; i++) {
		bool met = false;

		for (unsigned other = 1; other < workers; other++) {
			state = state * 6364136223846793005u +
			        1442695040888963407u;
			met |= (double)(state >> 33) / 2147483648.0 *
			               (window + think) <
			       window;
		}
		lost += met;
	}
	cr_expect_float_eq((double)lost / tries,
	                   loss_predicted(workers, window, think), 0.002,
	                   "%u of %u", lost, tries);
}

static struct comparison_cell cell_of(const char *strategy, unsigned workers,
                                      unsigned cpus)
{
	struct comparison_cell cell = { .cpus = cpus, .trials = 5, .exact = 5 };

	(void)snprintf(cell.point.strategy, sizeof(cell.point.strategy), "%s",
	               strategy);
	cell.point.workers = workers;
	cell.point.inside_ns = 100;
	cell.ns.median = 1;
	return cell;
}

Test(loss, is_not_predicted_where_the_model_does_not_hold)
{
	struct comparison_cell cell = cell_of("none", 2, 2);

	cr_expect_float_eq(loss_expected(&cell), 0.5, 1e-12, "none");
	cell.cpus = 1;
	cr_expect(isnan(loss_expected(&cell)), "on one CPU");
	cell = cell_of("none", 2, 2);
	cell.point.inside_ns = 0;
	cr_expect(isnan(loss_expected(&cell)), "without a window");
	cell = cell_of("mutex", 2, 2);
	cr_expect_eq(loss_expected(&cell), 0, "with a lock");
}

static void expect_reason(struct comparison_cell cell, const char *part)
{
	const char *why = loss_why_none(&cell, 1);

	cr_expect(why && strstr(why, part), "%s: %s", cell.point.strategy,
	          why ? why : "no reason");
}

Test(loss, of_nothing_has_a_reason)
{
	struct comparison_cell cell = cell_of("none", 2, 2);

	cr_expect_null(loss_why_none(&cell, 1), "it is bad luck");
	expect_reason(cell_of("none", 1, 1), "one worker");
	expect_reason(cell_of("mutex", 2, 2), "it claims");
	expect_reason(cell_of("none_rmw", 2, 1), "instruction, never inside");
	cell.ns.median = 0.01;
	expect_reason(cell, "the compiler");
	cell = cell_of("none", 2, 2);
	cell.insufficient = cell.trials;
	expect_reason(cell, "no overlap");
}
