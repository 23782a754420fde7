#include "harness/run/noise.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "sync/cpu.h"

/*
 * docs/how-we-measure.md has the reasons.
 *
 * Above this share of the time somebody waited for a CPU, or another machine
 * had it: what costs 1 then seems to cost up to 1 / (1 - 0.1).
 */
static const double taken_share = 0.1;
/* Forking and reaping press for a moment, and steal comes in ticks of 10 ms. */
static const double pressure_least_ns = 5e6;
static const double steal_least_ticks = 2;
/* Somebody who always wants to run takes a worker's CPU more often. */
static const double switches_per_second = 20;
static const uint64_t switches_least = 5;
/* NTP corrects the clock by 0.0005 at most (MAXFREQ in <linux/timex.h>). */
static const double clock_share = 0.001;

enum { CLOCK_TRIES = 5 };

static uint64_t read_clock(clockid_t clock)
{
	struct timespec now = { 0 };

	(void)clock_gettime(clock, &now); /* Linux 2.6.39 has them all */
	return clock_ns_of(&now);
}

struct noise_clocks noise_clocks_now(void)
{
	struct noise_clocks best = { .width_ns = UINT64_MAX };

	for (int i = 0; i < CLOCK_TRIES; i++) {
		uint64_t before = clock_now_ns(), width;
		struct noise_clocks clocks = {
			.raw_ns = read_clock(CLOCK_MONOTONIC_RAW),
			.boot_ns = read_clock(CLOCK_BOOTTIME),
			.ticks = cpu_ticks(),
		};

		width = clock_now_ns() - before;
		clocks.ns = before + width / 2;
		clocks.width_ns = width;
		if (width < best.width_ns)
			best = clocks;
	}
	return best;
}

double noise_parse_pressure(const char *line)
{
	const char *total = strstr(line, " total=");
	unsigned long long us;

	if (strncmp(line, "some ", 5) != 0 || !total ||
	    sscanf(total, " total=%llu", &us) != 1)
		return NAN;
	return (double)us;
}

/* "cpu3 user nice system idle iowait irq softirq steal ...", see proc(5). */
double noise_parse_steal(FILE *stat, const struct cpus *cpus)
{
	char line[512]; /* the long ones come after those of the CPUs */
	unsigned found = 0, cpu;
	unsigned long long steal;
	double sum = 0;

	while (fgets(line, sizeof(line), stat) &&
	       strncmp(line, "cpu", 3) == 0) {
		if (sscanf(line, "cpu%u %*u %*u %*u %*u %*u %*u %*u %llu", &cpu,
		           &steal) != 2 ||
		    !cpus_contain(cpus, cpu))
			continue;
		sum += (double)steal;
		found++;
	}
	return found == cpus->count && found > 0 ? sum : NAN;
}

struct noise_look noise_look(const struct cpus *cpus)
{
	struct noise_look look = { .pressure_us = NAN, .steal_ticks = NAN };
	FILE *stat = fopen("/proc/stat", "re");
	char line[256];

	if (text_first_line("/proc/pressure/cpu", line, sizeof(line)) == 0)
		look.pressure_us = noise_parse_pressure(line);
	if (stat) {
		look.steal_ticks = noise_parse_steal(stat, cpus);
		(void)fclose(stat); /* only read from */
	}
	look.clocks = noise_clocks_now();
	return look;
}

/* What of the distance between A and B is more than SLACK. */
static double beyond(double a, double b, double slack)
{
	return fmax(0, fabs(a - b) - slack);
}

static double ticks_disagree(const struct noise_clocks *first,
                             const struct noise_clocks *before,
                             const struct noise_clocks *after, double slack)
{
	double passed = (double)(after->ns - before->ns);
	double known = (double)(before->ns - first->ns);
	double per_tick = known / (double)(before->ticks - first->ticks);
	/* The rate is as sure as the two readings that it comes from. */
	double unsure = (double)(first->width_ns + before->width_ns);

	if (known < passed || before->ticks <= first->ticks)
		return 0;
	if (after->ticks < before->ticks)
		return passed;
	return beyond((double)(after->ticks - before->ticks) * per_tick, passed,
	              slack + unsure * passed / known);
}

uint64_t noise_disagreement_ns(const struct noise_clocks *first,
                               const struct noise_clocks *before,
                               const struct noise_clocks *after)
{
	double slack = (double)(before->width_ns + after->width_ns);
	double passed = (double)(after->ns - before->ns);
	double raw = (double)(after->raw_ns - before->raw_ns);
	double boot = (double)(after->boot_ns - before->boot_ns);
	double most =
	        fmax(beyond(raw, passed, slack), beyond(boot, passed, slack));

	return (uint64_t)fmax(most,
	                      ticks_disagree(first, before, after, slack));
}

/* A little more than everything is rounding. NAN stays. */
static double share_of(double part, double whole)
{
	double share = part / whole;

	return share > 1 ? 1 : share;
}

struct run_noise noise_between(const struct noise_clocks *first,
                               const struct noise_look *before,
                               const struct noise_look *after, unsigned count)
{
	double passed_ns = (double)(after->clocks.ns - before->clocks.ns);
	double ticks = after->steal_ticks - before->steal_ticks;
	double tick_ns = (double)NS_PER_SEC / (double)sysconf(_SC_CLK_TCK);

	return (struct run_noise){
		.looked_ns = (uint64_t)passed_ns,
		.pressure =
		        share_of((after->pressure_us - before->pressure_us) *
		                         (double)NS_PER_US,
		                 passed_ns),
		/* The kernel may correct it downwards, see proc(5). */
		.steal = share_of(ticks < 0 ? 0 : ticks * tick_ns,
		                  passed_ns * count),
		.steal_ticks = ticks,
		.clock_jump_ns = noise_disagreement_ns(first, &before->clocks,
		                                       &after->clocks),
	};
}

static void because(struct run_noise *noise, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

static void because(struct run_noise *noise, const char *format, ...)
{
	size_t used = strlen(noise->why);
	va_list args;

	if (noise->noisy && used < RUN_WHY - 2)
		used += (size_t)snprintf(noise->why + used, RUN_WHY - used,
		                         ", ");
	noise->noisy = true;
	va_start(args, format);
	if (used < RUN_WHY)
		(void)vsnprintf(noise->why + used, RUN_WHY - used, format,
		                args);
	va_end(args);
}

/* The most that one worker was switched away, where that is often. */
static uint64_t often_switched(const struct run_result *result)
{
	uint64_t most = 0;

	for (unsigned i = 0; i < result->workers; i++) {
		const struct worker_result *worker = &result->worker[i];
		double seconds = (double)(worker->stop_ns - worker->start_ns) /
		                 (double)NS_PER_SEC;

		if (worker->involuntary >= switches_least &&
		    (double)worker->involuntary >
		            switches_per_second * seconds &&
		    worker->involuntary > most)
			most = worker->involuntary;
	}
	return most;
}

void noise_judge(struct run_result *result, bool alone)
{
	struct run_noise *noise = &result->noise;
	uint64_t switches = alone ? often_switched(result) : 0;
	double looked_ns = (double)noise->looked_ns;
	char text[TEXT_SHORT];

	noise->noisy = false;
	noise->why[0] = '\0';
	if (alone && noise->pressure > taken_share &&
	    noise->pressure * looked_ns > pressure_least_ns)
		because(noise, "pressure %.0f %%", 100 * noise->pressure);
	if (noise->steal > taken_share &&
	    noise->steal_ticks >= steal_least_ticks)
		because(noise, "steal %.0f %%", 100 * noise->steal);
	if (switches > 0)
		because(noise, "a worker interrupted %llu times",
		        (unsigned long long)switches);
	if ((double)noise->clock_jump_ns > clock_share * looked_ns)
		because(noise, "clocks %s ms apart",
		        text_short(text, (double)noise->clock_jump_ns /
		                                 (double)NS_PER_MS));
}
