#include "harness/run/spec.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"

/* What a user types for MUTEX, where nothing else is said. */
static const char *const mutex[] = { "mutex" };

static struct run_text typed(void)
{
	return (struct run_text){ .strategies = mutex, .strategies_count = 1 };
}

/* Too large for a test's stack frame under the checkers' limits. */
static struct run_spec spec;
static struct complaint complaint;

static void expect_taken(const struct run_text *text)
{
	cr_assert_eq(run_spec_parse(&spec, text, &complaint), 0,
	             "refused: %s: %s", complaint.what, complaint.why);
}

/* Refused, with TYPED as what is wrong and WHY as a part of the reason. */
static void expect_refused(const struct run_text *text, const char *what,
                           const char *why)
{
	memset(&complaint, 0, sizeof(complaint));
	cr_assert_lt(run_spec_parse(&spec, text, &complaint), 0,
	             "\"%s\" was taken", what);
	cr_expect_str_eq(complaint.what, what[0] ? what : "\"\"",
	                 "it names \"%s\"", complaint.what);
	cr_expect(strstr(complaint.why, why), "it says \"%s\", not \"%s\"",
	          complaint.why, why);
	cr_expect_null(spec.strategies, "something is left to be freed");
}

Test(spec, has_a_default_for_all_but_the_strategy)
{
	struct run_text text = typed();

	expect_taken(&text);
	cr_expect_eq(spec.strategies_count, 1, "strategies");
	cr_expect_str_eq(spec.strategies[0]->name, "mutex", "its name");
	cr_expect(spec.workers_count == 1 && spec.workers[0] == 2, "2 workers");
	cr_expect_eq(spec.time_ns, 100 * NS_PER_MS, "100 ms");
	cr_expect_eq(spec.count, 0, "not bounded by count");
	cr_expect_eq(spec.trials, 5, "5 trials");
	cr_expect_eq(spec.pins[0], RUN_PIN_SPREAD, "spread");
	cr_expect_eq(spec.as, RUN_AS_PROCESSES, "processes");
	cr_expect_gt(spec.cpus.count, 0, "no CPU");
	run_spec_free(&spec);
	cr_expect_null(spec.strategies, "freed");
}

Test(spec, takes_its_seed_from_the_kernel_unless_told)
{
	struct run_text text = typed();
	uint64_t seed;

	expect_taken(&text);
	seed = spec.seed;
	run_spec_free(&spec);
	expect_taken(&text);
	cr_expect_neq(spec.seed, seed, "twice the same");
	run_spec_free(&spec);
	text.seed = "18446744073709551615";
	expect_taken(&text);
	cr_expect_eq(spec.seed, UINT64_MAX, "not the one given");
	run_spec_free(&spec);
	text.seed = "18446744073709551616";
	expect_refused(&text, text.seed, "from 0 to 18446744073709551615");
	text.seed = "-1";
	expect_refused(&text, text.seed, "the seed must be a number");
}

Test(spec, takes_each_strategy_once_in_the_order_given)
{
	static const char *const names[] = { "none", "mutex", "none", "atomic",
		                             "mutex" };
	static const char *const want[] = { "none", "mutex", "atomic" };
	struct run_text text = { .strategies = names, .strategies_count = 5 };

	expect_taken(&text);
	cr_assert_eq(spec.strategies_count, 3, "%zu", spec.strategies_count);
	for (int i = 0; i < 3; i++)
		cr_expect_str_eq(spec.strategies[i]->name, want[i], "%d", i);
	run_spec_free(&spec);
}

static size_t demos(void)
{
	size_t count = 0;

	for (size_t i = 0; i < sync_registry_count; i++)
		count += sync_registry[i]->ops->demo;
	return count;
}

Test(spec, takes_all_for_every_strategy_but_the_demos)
{
	static const char *const names[] = { "mutex", "all", "all" };
	struct run_text text = { .strategies = names, .strategies_count = 3 };

	expect_taken(&text);
	cr_assert_eq(spec.strategies_count, sync_registry_count - demos(),
	             "%zu", spec.strategies_count);
	cr_expect_str_eq(spec.strategies[0]->name, "mutex", "named first");
	for (size_t i = 0; i < spec.strategies_count; i++)
		cr_expect_not(spec.strategies[i]->ops->demo, "%s is a demo",
		              spec.strategies[i]->name);
	run_spec_free(&spec);
}

Test(spec, takes_a_demo_that_is_named)
{
	static const char *const names[] = { "all", "flag" };
	struct run_text text = { .strategies = names, .strategies_count = 2 };

	expect_taken(&text);
	cr_assert_eq(spec.strategies_count, sync_registry_count - demos() + 1,
	             "%zu", spec.strategies_count);
	cr_expect_str_eq(spec.strategies[spec.strategies_count - 1]->name,
	                 "flag", "named last");
	run_spec_free(&spec);
}

Test(spec, refuses_a_strategy_that_is_not_there)
{
	static const char *const names[] = { "mutex", "mutexx" };
	static const char *const hostile[] = { "" };
	struct run_text text = { .strategies = names, .strategies_count = 2 };

	expect_refused(&text, "mutexx", "no such strategy");
	cr_expect(complaint.cure[0], "without a cure");
	text.strategies = hostile;
	text.strategies_count = 1;
	expect_refused(&text, "", "no such strategy");
	text.strategies_count = 0;
	expect_refused(&text, "no strategy", "nothing to run");
}

Test(spec, has_each_number_of_workers_once_upwards)
{
	static const unsigned want[] = { 1, 2, 3, 4, 8, 4096 };
	struct run_text text = typed();

	text.workers = "8,4096,1-4,2,8";
	expect_taken(&text);
	cr_assert_eq(spec.workers_count, 6, "%zu", spec.workers_count);
	for (int i = 0; i < 6; i++)
		cr_expect_eq(spec.workers[i], want[i], "place %d: %u", i,
		             spec.workers[i]);
	run_spec_free(&spec);
}

Test(spec, refuses_workers_out_of_range)
{
	static const char *const bad[] = {
		"0",    "-1",     "1000000000", "abc",
		"4x",   "",       " 4",         "18446744073709551616",
		"4097", "1-4097", "0-3",        "2,,3"
	};
	struct run_text text = typed();

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		text.workers = bad[i];
		expect_refused(&text, bad[i], "a number from 1 to 4096");
	}
	text.workers = "1-65";
	expect_refused(&text, "1-65", "more than 64 numbers");
	text.workers = "1-64";
	expect_taken(&text);
	run_spec_free(&spec);
}

Test(spec, bounds_a_trial_by_time)
{
	static const char *const bad[] = { "0", "600001", "-1",  "1.5",
		                           "",  "10ms",   "1e3", " 5" };
	struct run_text text = typed();

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		text.time_ms = bad[i];
		expect_refused(&text, bad[i], "from 1 to 600000");
	}
	text.time_ms = "600000";
	expect_taken(&text);
	cr_expect_eq(spec.time_ns, 600 * NS_PER_SEC, "not ten minutes");
	run_spec_free(&spec);
}

Test(spec, bounds_a_trial_by_count)
{
	struct run_text text = typed();

	text.count = "1000";
	expect_taken(&text);
	cr_expect_eq(spec.count, 1000, "not 1000");
	cr_expect_eq(spec.time_ns, 0, "by time as well");
	run_spec_free(&spec);
	text.count = "0";
	expect_refused(&text, "0", "from 1 to");
	text.count = "10";
	text.time_ms = "10";
	expect_refused(&text, "-t with -n", "by time or by count");
}

/* The largest number of workers decides; their total must fit 63 bits. */
Test(spec, refuses_a_count_whose_total_has_more_than_63_bits)
{
	static const struct {
		const char *workers, *count, *more;
	} most[] = {
		{ "1", "9223372036854775807", "9223372036854775808" },
		{ "2", "4611686018427387903", "4611686018427387904" },
		{ "3", "3074457345618258602", "3074457345618258603" },
		{ "1,2", "4611686018427387903", "9223372036854775807" },
		{ "4096", "2251799813685247", "2251799813685248" },
		{ "4096", "2251799813685247", "18446744073709551615" },
		{ "2", "4611686018427387903", "18446744073709551617" },
	};
	struct run_text text = typed();

	for (size_t i = 0; i < sizeof(most) / sizeof(most[0]); i++) {
		text.workers = most[i].workers;
		text.count = most[i].count;
		expect_taken(&text);
		cr_expect_leq(spec.count,
		              (uint64_t)INT64_MAX /
		                      spec.workers[spec.workers_count - 1],
		              "%s too many", text.count);
		run_spec_free(&spec);
		text.count = most[i].more;
		expect_refused(&text, most[i].more, most[i].count);
	}
}

Test(spec, refuses_trials_out_of_range)
{
	static const char *const bad[] = { "0", "1000001", "-1", "", "five" };
	struct run_text text = typed();

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		text.trials = bad[i];
		expect_refused(&text, bad[i], "the trials must be a number");
	}
	text.trials = "1000000";
	expect_taken(&text);
	cr_expect_eq(spec.trials, 1000000, "not a million");
	run_spec_free(&spec);
}

Test(spec, has_an_open_end_only_where_it_may_and_nothing_is_said_of_trials)
{
	struct run_text text = typed();

	text.open_end = true;
	expect_taken(&text);
	cr_expect_eq(spec.trials, 0, "%u trials", spec.trials);
	run_spec_free(&spec);
	text.trials = "7";
	expect_taken(&text);
	cr_expect_eq(spec.trials, 7, "%u trials", spec.trials);
	run_spec_free(&spec);
}

Test(spec, pins_to_what_is_allowed)
{
	static const struct {
		const char *text;
		enum run_pin pin;
	} names[] = { { "spread", RUN_PIN_SPREAD },
		      { "same", RUN_PIN_SAME },
		      { "none", RUN_PIN_NONE } };
	struct run_text text = typed();

	for (size_t i = 0; i < 3; i++) {
		text.pin = names[i].text;
		expect_taken(&text);
		cr_expect_eq(spec.pins[0], names[i].pin, "%s", names[i].text);
		cr_expect_str_eq(run_pin_name(spec.pins[0]), names[i].text,
		                 "%zu", i);
		run_spec_free(&spec);
	}
}

Test(spec, takes_workers_as_processes_or_threads)
{
	struct run_text text = typed();

	text.as = "threads";
	expect_taken(&text);
	cr_expect_eq(spec.as, RUN_AS_THREADS, "threads");
	run_spec_free(&spec);
	text.as = "processes";
	expect_taken(&text);
	cr_expect_eq(spec.as, RUN_AS_PROCESSES, "processes");
	run_spec_free(&spec);
	text.as = "thread";
	expect_refused(&text, "thread", "processes or threads");
}

Test(spec, takes_several_ways_to_pin_each_once)
{
	struct run_text text = typed();

	text.pin = "same,spread,same";
	expect_taken(&text);
	cr_assert_eq(spec.pins_count, 2, "%zu", spec.pins_count);
	cr_expect_eq(spec.pins[0], RUN_PIN_SAME, "in the order given");
	cr_expect_eq(spec.pins[1], RUN_PIN_SPREAD, "in the order given");
	run_spec_free(&spec);
}

Test(spec, takes_work_inside_and_outside_upwards_and_once)
{
	struct run_text text = typed();

	expect_taken(&text);
	cr_expect(spec.insides_count == 1 && spec.inside_ns[0] == 0, "none");
	run_spec_free(&spec);
	text.inside_ns = "100,0,100";
	text.outside_ns = "5";
	expect_taken(&text);
	cr_assert_eq(spec.insides_count, 2, "%zu", spec.insides_count);
	cr_expect(spec.inside_ns[0] == 0 && spec.inside_ns[1] == 100, "order");
	cr_expect(spec.outsides_count == 1 && spec.outside_ns[0] == 5, "5 ns");
	run_spec_free(&spec);
}

Test(spec, refuses_work_that_is_no_time)
{
	static const char *const bad[] = { "", "x", "-1", "10000001", "1," };
	struct run_text text = typed();

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		text.inside_ns = bad[i];
		expect_refused(&text, bad[i], "the work inside is");
	}
}

Test(spec, refuses_work_inside_of_what_adds_at_once)
{
	static const char *const names[] = { "atomic" };
	static const char *const all[] = { "all" };
	struct run_text text = { .strategies = names, .strategies_count = 1 };

	text.inside_ns = "1";
	expect_refused(&text, "atomic", "there is no inside");
	text.strategies = all; /* there it is left out */
	expect_taken(&text);
	run_spec_free(&spec);
}

Test(spec, refuses_to_pin_where_there_is_no_cpu)
{
	static const char *const bad[] = { "",   "list", "8192",
		                           "-1", "0,",   "0-9999" };
	struct run_text text = typed();

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		text.pin = bad[i];
		expect_refused(&text, bad[i], "pinning is of");
	}
	text.pin = "8191"; /* on a machine that has it, this is no test */
	expect_refused(&text, "8191", "CPU 8191 is not there");
}

Test(spec, pins_to_a_list_of_cpus)
{
	struct run_text text = typed();
	char list[64];
	unsigned first;

	expect_taken(&text);
	first = spec.cpus.cpu[0];
	run_spec_free(&spec);
	(void)snprintf(list, sizeof(list), "%u,%u", first, first);
	text.pin = list;
	expect_taken(&text);
	cr_expect_eq(spec.pins[0], RUN_PIN_LIST, "a list");
	cr_expect_eq(spec.cpus.count, 2, "as it was given");
	cr_expect_eq(run_cpu_of(&spec, RUN_PIN_LIST, 1), (int)first,
	             "worker 1");
	cr_expect_eq(run_cpus_used(&spec, RUN_PIN_LIST, 2), 1, "it is one CPU");
	run_spec_free(&spec);
}

/* Workers 0 to 4 on CPUs 3, 5 and 9. */
Test(spec, tells_each_worker_its_cpu)
{
	static const struct {
		enum run_pin pin;
		int cpu[5];
		unsigned used[5]; /* by 1 to 5 workers */
	} want[] = {
		{ RUN_PIN_SPREAD, { 3, 5, 9, 3, 5 }, { 1, 2, 3, 3, 3 } },
		{ RUN_PIN_LIST, { 3, 5, 9, 3, 5 }, { 1, 2, 3, 3, 3 } },
		{ RUN_PIN_SMT, { 3, 9, 5, 3, 9 }, { 1, 2, 3, 3, 3 } },
		{ RUN_PIN_SAME, { 3, 3, 3, 3, 3 }, { 1, 1, 1, 1, 1 } },
		{ RUN_PIN_NONE, { -1, -1, -1, -1, -1 }, { 1, 2, 3, 3, 3 } },
	};

	spec.cpus = (struct cpus){ .count = 3, .cpu = { 3, 5, 9 } };
	spec.cores = (struct cpus){ .count = 3, .cpu = { 3, 9, 5 } };
	for (size_t i = 0; i < 5; i++) {
		for (unsigned worker = 0; worker < 5; worker++) {
			cr_expect_eq(run_cpu_of(&spec, want[i].pin, worker),
			             want[i].cpu[worker], "%s, worker %u",
			             run_pin_name(want[i].pin), worker);
			cr_expect_eq(
			        run_cpus_used(&spec, want[i].pin, worker + 1),
			        want[i].used[worker], "%s, %u workers",
			        run_pin_name(want[i].pin), worker + 1);
		}
	}
}

Test(spec, knows_how_many_workers_a_strategy_takes)
{
	static const struct sync_ops any = { 0 }, two = { .max_workers = 2 },
	                             lots = { .max_workers = 100000 };
	struct sync_strategy strategy = { .name = "x", .ops = &any };

	cr_expect_eq(run_strategy_workers_max(&strategy), RUN_WORKERS_MAX,
	             "as many as the harness");
	strategy.ops = &two;
	cr_expect_eq(run_strategy_workers_max(&strategy), 2, "two");
	strategy.ops = &lots;
	cr_expect_eq(run_strategy_workers_max(&strategy), RUN_WORKERS_MAX,
	             "no more than the harness");
}

/* Peterson's lock is for two, and so stands for what cannot do three. */
Test(spec, refuses_more_workers_than_a_named_strategy_takes)
{
	static const char *const names[] = { "all", "peterson" };
	struct run_text text = { .strategies = names,
		                 .strategies_count = 2,
		                 .workers = "1-3" };

	expect_refused(&text, "peterson", "at most 2 workers, not 3");
	text.workers = NULL;
	text.workers_default = "1,2,3"; /* the plan leaves it out at 3 */
	expect_taken(&text);
	run_spec_free(&spec);
	text.workers_default = "3,4";
	expect_refused(&text, "peterson", "at most 2 workers, not 3");
	text.workers = "3";
	text.strategies_count = 1; /* "all" leaves it out, too */
	expect_taken(&text);
	run_spec_free(&spec);
}

Test(spec, finds_every_strategy_by_its_name_and_nothing_else)
{
	for (size_t i = 0; i < sync_registry_count; i++)
		cr_expect_eq(run_strategy(sync_registry[i]->name),
		             sync_registry[i], "%s", sync_registry[i]->name);
	cr_expect_null(run_strategy(""), "no name");
	cr_expect_null(run_strategy("mute"), "half a name");
	cr_expect_null(run_strategy("Mutex"), "another case");
}
