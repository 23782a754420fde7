#include "harness/stats/holm.h"

#include <criterion/criterion.h>
#include <math.h>

/* As R's p.adjust(c(0.01, 0.02, 0.03, 0.04), "holm"): 0.04 0.06 0.06 0.06. */
Test(holm, corrects_step_by_step)
{
	static const double p[] = { 0.03, 0.01, 0.04, 0.02 };
	static const double want[] = { 0.06, 0.04, 0.06, 0.06 };
	double corrected[4];

	holm_correct(p, corrected, 4);
	for (int i = 0; i < 4; i++)
		cr_expect_float_eq(corrected[i], want[i], 1e-12, "%d: %g", i,
		                   corrected[i]);
}

Test(holm, never_goes_beyond_1)
{
	static const double p[] = { 0.5, 0.9, 0.4 };
	double corrected[3];

	holm_correct(p, corrected, 3);
	for (int i = 0; i < 3; i++)
		cr_expect_float_eq(corrected[i], 1, 0, "%d: %g", i,
		                   corrected[i]);
}

Test(holm, one_comparison_needs_no_correction)
{
	static const double p[] = { 0.04 };
	double corrected[1];

	holm_correct(p, corrected, 1);
	cr_expect_float_eq(corrected[0], 0.04, 0, "%g", corrected[0]);
	holm_correct(p, corrected, 0);
}

Test(holm, what_was_not_compared_does_not_count)
{
	const double p[] = { NAN, 0.01, NAN, 0.04 };
	double corrected[4];

	holm_correct(p, corrected, 4);
	cr_expect(isnan(corrected[0]) && isnan(corrected[2]), "compared");
	cr_expect_float_eq(corrected[1], 0.02, 1e-12, "%g", corrected[1]);
	cr_expect_float_eq(corrected[3], 0.04, 1e-12, "%g", corrected[3]);
}
