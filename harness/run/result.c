#include "harness/run/result.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/base/text.h"

/*
 * Below these two a trial could hardly have lost anything: the workers did not
 * run at the same time, and were seldom interrupted in between.
 */
static const double overlap_enough = 0.05;
static const uint64_t preempted_enough = 10;

struct run_result *run_result_new(const struct sync_strategy *strategy,
                                  unsigned workers, unsigned cpus)
{
	struct run_result *result = calloc(
	        1, sizeof(*result) + workers * sizeof(result->worker[0]));

	if (!result)
		return NULL;
	result->strategy = strategy;
	result->workers = workers;
	result->cpus = cpus;
	return result;
}

static bool has_times(const struct worker_result *worker)
{
	return worker->stop_ns != 0;
}

static int compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/*
 * The time with at least two at work reaches from the second start to the last
 * stop but one, less the gaps in between. All start before the first stops, as
 * a rule; where they do not, the sorted starts and stops are walked like
 * brackets.
 */
static uint64_t common_ns(uint64_t *starts, uint64_t *stops, size_t count)
{
	uint64_t sum = 0, since = 0;
	size_t start = 0, stop = 0, working = 0;

	qsort(starts, count, sizeof(*starts), compare_u64);
	qsort(stops, count, sizeof(*stops), compare_u64);
	while (stop < count) {
		if (start < count && starts[start] < stops[stop]) {
			if (++working == 2)
				since = starts[start];
			start++;
		} else {
			if (working-- == 2)
				sum += stops[stop] - since;
			stop++;
		}
	}
	return sum;
}

/* Everything that follows from the starts and stops. */
static void measure_times(const struct run_result *result,
                          struct run_measures *measures)
{
	uint64_t *starts =
	        calloc(2 * (size_t)result->workers + 1, sizeof(*starts));
	uint64_t *stops;
	size_t count = 0;

	if (!starts) {
		measures->valid = false;
		return;
	}
	stops = starts + result->workers;
	for (unsigned i = 0; i < result->workers; i++) {
		if (!has_times(&result->worker[i]))
			continue;
		starts[count] = result->worker[i].start_ns;
		stops[count++] = result->worker[i].stop_ns;
	}
	if (count > 0) {
		uint64_t common = common_ns(starts, stops, count);

		measures->elapsed_ns = stops[count - 1] - starts[0];
		measures->skew_ns = starts[count - 1] - starts[0];
		if (measures->elapsed_ns > 0)
			measures->window =
			        (double)common / (double)measures->elapsed_ns;
	}
	free(starts);
}

/* The usage is read just outside the two times, and in microseconds. */
uint64_t run_cpu_ns(const struct worker_result *worker)
{
	uint64_t used = worker->user_ns + worker->system_ns;
	uint64_t passed = worker->stop_ns - worker->start_ns;

	return used < passed ? used : passed;
}

static double overlap_of(const struct run_result *result, uint64_t elapsed_ns)
{
	unsigned parallel =
	        result->workers < result->cpus ? result->workers : result->cpus;
	double elapsed = (double)elapsed_ns, used = 0;

	for (unsigned i = 0; i < result->workers; i++)
		used += (double)run_cpu_ns(&result->worker[i]);
	if (parallel < 2 || elapsed <= 0 || used <= elapsed)
		return 0;
	return fmin(1, (used - elapsed) / ((parallel - 1) * elapsed));
}

static double fairness_of(const struct run_result *result)
{
	double sum = 0, squares = 0;

	for (unsigned i = 0; i < result->workers; i++) {
		double done = (double)result->worker[i].done;

		sum += done;
		squares += done * done;
	}
	return squares > 0 ? sum * sum / (result->workers * squares) : 1;
}

static enum evidence evidence_of(const struct run_measures *measures)
{
	if (!measures->valid)
		return EVIDENCE_NONE;
	if (measures->lost > 0)
		return EVIDENCE_LOST;
	if (measures->overlap < overlap_enough &&
	    measures->preempted < preempted_enough)
		return EVIDENCE_INSUFFICIENT;
	return EVIDENCE_EXACT;
}

struct run_measures run_measure(const struct run_result *result)
{
	struct run_measures measures = { .valid = true };
	uint64_t begun = 0;

	for (unsigned i = 0; i < result->workers; i++) {
		begun += result->worker[i].begun;
		measures.expected += result->worker[i].done;
		measures.preempted += result->worker[i].preempted;
		measures.valid &= result->worker[i].fate == FATE_FINISHED;
	}
	if (measures.expected > result->observed)
		measures.lost = measures.expected - result->observed;
	if (result->observed > begun)
		measures.surplus = result->observed - begun;
	measures.valid &= measures.surplus == 0;
	measure_times(result, &measures);
	measures.lost_share =
	        measures.expected
	                ? (double)measures.lost / (double)measures.expected
	                : 0;
	measures.ns_per_increment = measures.expected
	                                    ? (double)measures.elapsed_ns /
	                                              (double)measures.expected
	                                    : NAN;
	measures.overlap = overlap_of(result, measures.elapsed_ns);
	measures.fairness = fairness_of(result);
	measures.evidence = evidence_of(&measures);
	return measures;
}

double run_quantile(const struct run_notes *notes, double q)
{
	uint64_t all = 0, below = 0;
	unsigned bucket = 0;
	double low, high;

	for (unsigned i = 0; i < SYNC_BUCKETS; i++)
		all += notes->latency[i];
	if (!notes->timed || all == 0)
		return NAN;
	while (bucket < SYNC_BUCKETS - 1 &&
	       (double)(below + notes->latency[bucket]) < q * (double)all)
		below += notes->latency[bucket++];
	low = (double)sync_bucket_low(bucket);
	high = (double)sync_bucket_low(bucket + 1) - 1;
	return (low + high) / 2 * notes->ns_per_tick;
}

const char *run_count_name(enum run_count count)
{
	static const char *const names[] = { "cycles", "instructions",
		                             "cache_misses" };

	return names[count];
}

const char *evidence_name(enum evidence evidence)
{
	static const char *const names[] = { NULL, "exact", "lost",
		                             "insufficient" };

	return names[evidence];
}

const char *fate_text(char text[FATE_TEXT], const struct worker_result *worker)
{
	static const char *const plain[] = {
		[FATE_FINISHED] = "finished",
		[FATE_STOPPED] = "stopped by a signal",
		[FATE_ASLEEP] = "stuck asleep",
		[FATE_SPINNING] = "stuck spinning",
		[FATE_ABANDONED] = "abandoned",
	};

	if (worker->fate == FATE_FAILED)
		(void)snprintf(text, FATE_TEXT, "failed: %s",
		               text_errno(worker->detail));
	else if (worker->fate == FATE_EXITED)
		(void)snprintf(text, FATE_TEXT, "exited %d", worker->detail);
	else if (worker->fate == FATE_KILLED)
		(void)snprintf(text, FATE_TEXT, "killed by %s",
		               text_signal(worker->detail));
	else if (worker->fate == FATE_KILLED_ALL)
		(void)snprintf(text, FATE_TEXT, "killed with all threads by %s",
		               text_signal(worker->detail));
	else
		(void)snprintf(text, FATE_TEXT, "%s", plain[worker->fate]);
	return text;
}
