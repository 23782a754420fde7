#include "harness/run/noise.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/clock.h"

/* --- what the kernel's texts say ------------------------------------------- */

Test(noise, reads_the_total_of_the_pressure)
{
	cr_expect_float_eq(
	        noise_parse_pressure("some avg10=94.78 avg60=78.74 "
	                             "avg300=62.66 total=7943463178"),
	        7943463178.0, 0, "the total");
	cr_expect_float_eq(noise_parse_pressure("some avg10=0.00 total=0"), 0,
	                   0, "none is known to be 0");
}

Test(noise, takes_no_other_line_for_pressure)
{
	static const char *const others[] = {
		"",
		"full avg10=0.00 avg60=0.00 avg300=0.00 total=12",
		"some avg10=0.00 avg60=0.00 avg300=0.00",
		"some avg10=0.00 total=",
		"some avg10=0.00 total=-",
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		cr_expect(isnan(noise_parse_pressure(others[i])), "%s",
		          others[i]);
}

static const char stat_of_four[] = "cpu  100 0 50 900 1 0 3 1111 0 0\n"
                                   "cpu0 25 0 12 225 0 0 1 7 0 0\n"
                                   "cpu1 25 0 12 225 0 0 1 20 0 0\n"
                                   "cpu2 25 0 12 225 0 0 1 300 0 0\n"
                                   "cpu10 25 0 12 225 0 0 1 4000 0 0\n"
                                   "intr 38349813 0 0\n"
                                   "cpu3 1 1 1 1 1 1 1 1 1 1\n";

static double steal_of(const char *text, const struct cpus *cpus)
{
	char *copy = strdup(text); /* fmemopen(3) takes no const */
	FILE *stat = copy ? fmemopen(copy, strlen(copy), "r") : NULL;
	double steal;

	cr_assert_not_null(stat, "no file");
	steal = noise_parse_steal(stat, cpus);
	(void)fclose(stat);
	free(copy);
	return steal;
}

Test(noise, adds_up_the_steal_of_those_cpus_only)
{
	struct cpus one = { 1, { 1 } }, two = { 2, { 0, 10 } };

	cr_expect_float_eq(steal_of(stat_of_four, &one), 20, 0, "CPU 1");
	cr_expect_float_eq(steal_of(stat_of_four, &two), 4007, 0,
	                   "CPUs 0 and 10");
}

Test(noise, does_not_know_a_steal_that_is_not_told)
{
	struct cpus one = { 1, { 0 } }, other = { 2, { 0, 3 } };
	struct cpus none = { 0 };

	cr_expect(isnan(steal_of(stat_of_four, &other)),
	          "CPU 3 has no line among the CPUs");
	cr_expect(isnan(steal_of(stat_of_four, &none)), "no CPU");
	cr_expect(isnan(steal_of("cpu0 25 0 12 225 0 0 1\n", &one)),
	          "Linux 2.4 had no such column");
	cr_expect(isnan(steal_of("total 1 2 3 4 5 6 7 8\n", &one)),
	          "another file");
}

/* --- clocks ----------------------------------------------------------------- */

static struct noise_clocks clocks_at(uint64_t ms)
{
	uint64_t ns = ms * NS_PER_MS;

	return (struct noise_clocks){
		.ns = 1000 + ns,
		.raw_ns = 77 + ns,
		.boot_ns = 5555 + ns,
		.ticks = 42 + 3 * ns,
		.width_ns = 100,
	};
}

/* From 1 s after the run began to 1.1 s. */
static uint64_t disagreement(const struct noise_clocks *after)
{
	struct noise_clocks first = clocks_at(0), before = clocks_at(1000);

	return noise_disagreement_ns(&first, &before, after);
}

Test(noise, agrees_where_all_clocks_do)
{
	struct noise_clocks after = clocks_at(1100);

	cr_expect_eq(disagreement(&after), 0, "they agree");
	after.raw_ns += 200;
	cr_expect_eq(disagreement(&after), 0,
	             "reading takes as long: nothing is certain");
}

Test(noise, sees_each_clock_jump)
{
	struct noise_clocks after = clocks_at(1100);

	after.raw_ns -= 5 * NS_PER_MS;
	cr_expect_eq(disagreement(&after), 5 * NS_PER_MS - 200, "raw");
	after = clocks_at(1100);
	after.boot_ns += 60 * NS_PER_SEC;
	cr_expect_eq(disagreement(&after), 60 * NS_PER_SEC - 200, "suspended");
	after = clocks_at(1100);
	after.ticks += UINT64_C(6) * NS_PER_MS;
	/* What is known of a tick is unsure, too: by 200 ns in 1 s. */
	cr_expect_eq(disagreement(&after), 2 * NS_PER_MS - 220, "ticks: %llu",
	             (unsigned long long)disagreement(&after));
	after = clocks_at(1100);
	after.ticks = 7;
	cr_expect_eq(disagreement(&after), 100 * NS_PER_MS,
	             "ticks that went back tell of no time at all");
}

Test(noise, knows_nothing_of_ticks_at_the_beginning)
{
	struct noise_clocks first = clocks_at(0), before = clocks_at(99);
	struct noise_clocks after = clocks_at(199);

	after.ticks *= 2;
	cr_expect_eq(noise_disagreement_ns(&first, &before, &after), 0,
	             "99 ms before tell nothing of 100 ms");
	before = clocks_at(0);
	cr_expect_eq(noise_disagreement_ns(&first, &before, &after), 0,
	             "nothing tells nothing");
}

/* These two differ on no machine: the kernel corrects by less than a percent. */
Test(noise, reads_clocks_that_go_on)
{
	struct noise_clocks a = noise_clocks_now(), b;

	do
		b = noise_clocks_now();
	while (b.ns <= a.ns);
	cr_expect(a.width_ns > 0 && a.raw_ns > 0 && a.boot_ns > 0, "all read");
	cr_expect(b.raw_ns > a.raw_ns && b.boot_ns > a.boot_ns &&
	                  b.ticks > a.ticks,
	          "all go on");
}

/* --- between two looks ------------------------------------------------------ */

static struct run_noise between(double pressure_us, double steal_ticks)
{
	struct noise_clocks first = clocks_at(0);
	struct noise_look before = { clocks_at(1000), 1e6, 500 };
	struct noise_look after = { clocks_at(1100), 1e6 + pressure_us,
		                    500 + steal_ticks };

	return noise_between(&first, &before, &after, 2);
}

Test(noise, is_a_share_of_the_time_of_the_trial)
{
	double per_tick = 1.0 / (double)sysconf(_SC_CLK_TCK);
	struct run_noise noise = between(25000, 4);

	cr_expect_eq(noise.looked_ns, 100 * NS_PER_MS, "100 ms");
	cr_expect_float_eq(noise.pressure, 0.25, 1e-9, "25 of 100 ms");
	cr_expect_float_eq(noise.steal, fmin(1, 4 * per_tick / 0.2), 1e-9,
	                   "of 100 ms of two CPUs");
	noise = between(100001, 1e6);
	cr_expect(noise.pressure <= 1 && noise.steal <= 1, "all is a whole");
	noise = between(0, -1);
	cr_expect_float_eq(noise.steal, 0, 0, "corrected downwards");
	noise = between(NAN, NAN);
	cr_expect(isnan(noise.pressure) && isnan(noise.steal), "not known");
}

/* --- what is too much ------------------------------------------------------- */

/* A quiet trial of 100 ms. */
static struct run_result *quiet(void)
{
	struct run_result *result = run_result_new(sync_registry[0], 2, 2);

	cr_assert_not_null(result, "no memory");
	for (int i = 0; i < 2; i++) {
		result->worker[i].start_ns = NS_PER_SEC;
		result->worker[i].stop_ns = NS_PER_SEC + 100 * NS_PER_MS;
		result->worker[i].involuntary = 4;
	}
	result->noise = (struct run_noise){
		.looked_ns = 100 * NS_PER_MS,
		.pressure = 0.1,
		.steal = 0.1,
		.steal_ticks = 2,
		.clock_jump_ns = 100 * NS_PER_US,
	};
	return result;
}

/* Judges RESULT, which it frees: is it noisy for WHY? NULL: not noisy. */
static void expect_judged(struct run_result *result, bool alone,
                          const char *why)
{
	noise_judge(result, alone);
	cr_expect_eq(result->noise.noisy, why != NULL, "%s, and not %s",
	             result->noise.why, why ? why : "quiet");
	cr_expect_str_eq(result->noise.why, why ? why : "", "why");
	free(result);
}

Test(noise, is_not_made_of_what_is_at_the_limit)
{
	expect_judged(quiet(), true, NULL);
}

Test(noise, is_made_by_each_thing_alone)
{
	struct run_result *result = quiet();

	result->noise.pressure = 0.43;
	expect_judged(result, true, "pressure 43 %");
	result = quiet();
	result->noise.steal = 0.2;
	expect_judged(result, true, "steal 20 %");
	result = quiet();
	result->worker[1].involuntary = 5;
	expect_judged(result, true, "a worker interrupted 5 times");
	result = quiet();
	result->noise.clock_jump_ns = 5 * NS_PER_MS;
	expect_judged(result, true, "clocks 5.00 ms apart");
}

Test(noise, has_every_reason)
{
	struct run_result *result = quiet();

	result->noise.pressure = result->noise.steal = 1;
	result->noise.clock_jump_ns = result->worker[0].involuntary =
	        UINT64_MAX;
	result->worker[0].stop_ns = NS_PER_SEC + 1;
	expect_judged(result, true,
	              "pressure 100 %, steal 100 %, a worker interrupted "
	              "18446744073709551615 times, clocks 18.4T ms apart");
}

Test(noise, is_not_what_workers_do_to_each_other)
{
	struct run_result *result = quiet();

	result->noise.pressure = 1;
	result->worker[0].involuntary = 1000;
	expect_judged(result, false, NULL);
	result = quiet();
	result->noise.steal = 0.2;
	result->noise.clock_jump_ns = 5 * NS_PER_MS;
	expect_judged(result, false, "steal 20 %, clocks 5.00 ms apart");
}

Test(noise, is_not_what_starting_and_measuring_do)
{
	struct run_result *result = quiet();

	result->noise.looked_ns = 10 * NS_PER_MS;
	result->noise.clock_jump_ns = 0;
	result->noise.pressure = 0.5; /* 5 ms */
	expect_judged(result, true, NULL);
	result = quiet();
	result->noise.steal = 1;
	result->noise.steal_ticks = 1;
	expect_judged(result, true, NULL);
	result = quiet();
	result->worker[0].involuntary = 4;
	result->worker[0].stop_ns = NS_PER_SEC + 1;
	expect_judged(result, true, NULL);
	/* As often as that in a second is housekeeping. */
	result = quiet();
	result->worker[0].involuntary = 20;
	result->worker[0].stop_ns = 2 * NS_PER_SEC;
	expect_judged(result, true, NULL);
}

Test(noise, is_not_what_is_not_known)
{
	struct run_result *result = quiet();

	result->noise.pressure = result->noise.steal = NAN;
	result->noise.steal_ticks = NAN;
	expect_judged(result, true, NULL);
}
