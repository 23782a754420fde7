#include "trial.h"

#include <criterion/criterion.h>
#include <errno.h>

int trial_make(const struct sync_strategy *strategy,
               const struct run_text *text, struct run_result **result)
{
	static const char *const names[] = { "atomic" };
	static struct run_spec spec; /* too large for a stack frame */
	struct run_text said = *text;
	struct complaint complaint = { 0 };
	struct run run;
	int err;

	said.strategies = names;
	said.strategies_count = 1;
	cr_assert_eq(run_spec_parse(&spec, &said, &complaint), 0, "%s",
	             complaint.why);
	spec.strategies[0] = strategy; /* so that its memory is counted */
	complaint.why[0] = '\0';
	err = run_begin(&run, &spec, &complaint);
	if (!err) {
		struct run_trial trial = {
			.strategy = strategy,
			.workers = spec.workers[0],
			.pin = spec.pins[0],
			.time_ns = spec.time_ns,
			.count = spec.count,
		};

		err = run_trial(&run, &trial, result, &complaint);
	}
	cr_assert(!err || err == -EINTR || complaint.why[0],
	          "an error without why");
	run_end(&run);
	run_spec_free(&spec);
	return err;
}

struct run_result *trial_result(const struct sync_strategy *strategy,
                                const struct run_text *text)
{
	struct run_result *result = NULL;
	int err = trial_make(strategy, text, &result);

	cr_assert_eq(err, 0, "%s: %d", strategy->name, err);
	return result;
}

void trial_expect_fate(const struct run_result *result, unsigned worker,
                       const char *fate)
{
	char text[FATE_TEXT];

	cr_expect_str_eq(fate_text(text, &result->worker[worker]), fate,
	                 "worker %u: %s, not %s", worker, text, fate);
}
