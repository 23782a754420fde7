#include "tests/bench/explore.h"

#include <limits.h>
#include <stdio.h>
#include <sys/resource.h>

#include "harness/base/median.h"
#include "harness/explore/explore.h"
#include "harness/explore/witness.h"
#include "harness/target/target.h"

enum { ROUNDS = 5 };

static const struct row {
	unsigned workers, increments;
	enum search_kind search;
	double most_s;      /* seconds of all of it; 0: no such figure */
	double least_per_s; /* executions a second */
} rows[] = {
	{ 2, 10, SEARCH_ALL, 0.5, 0 },
	{ 3, 6, SEARCH_ALL, 5, 0 },
	{ 4, 3, SEARCH_ALL, 5, 0 },
	{ 2, 5, SEARCH_EVERY, 0, 1e6 },
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static struct verdict *explore(const struct row *row)
{
	struct explore_spec spec = {
		.machine = { .workers = row->workers,
		             .increments = row->increments,
		             .buffer = WITNESS_BUFFER },
		.search = row->search,
		.preemptions = EXPLORE_ANY,
		.max_seconds = 120,
		.max_bytes = 1u << 30,
		.outcomes = true,
	};
	struct complaint complaint = { .what = "" };
	char object[PATH_MAX];
	int err;

	if (target_find("none", false, object, sizeof(object)) < 0)
		return NULL;
	return explore_run(object, &spec, &err, &complaint);
}

static const char *standing(const struct row *row, double median)
{
	if (row->most_s > 0)
		return median <= row->most_s ? "ok" : "SLOW";
	return median >= row->least_per_s ? "ok" : "SLOW";
}

/* Median, least and most of the rounds, and what is to be reached. */
static void print(const struct row *row, double *figures, uint64_t states)
{
	double median = median_of(figures, ROUNDS);

	(void)printf("%u x %-3u %-6s %9llu  %9.3g  %9.3g  %9.3g  %s %.2g  %s\n",
	             row->workers, row->increments,
	             row->search == SEARCH_ALL ? "all" : "every",
	             (unsigned long long)states, median, figures[0],
	             figures[ROUNDS - 1], row->most_s > 0 ? "<=" : ">=",
	             row->most_s > 0 ? row->most_s : row->least_per_s,
	             standing(row, median));
}

static int measure(const struct row *row)
{
	double figures[ROUNDS];
	uint64_t states = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct verdict *verdict = explore(row);

		if (!verdict || !verdict->complete) {
			(void)fprintf(stderr,
			              "bench: none %u x %u: not "
			              "explored to its end\n",
			              row->workers, row->increments);
			verdict_free(verdict);
			return 3;
		}
		figures[i] = row->most_s > 0 ? verdict->seconds
		                             : (double)verdict->executions /
		                                       verdict->seconds;
		states = row->search == SEARCH_ALL ? verdict->states
		                                   : verdict->executions;
		verdict_free(verdict);
	}
	print(row, figures, states);
	return 0;
}

int bench_explore(void)
{
	struct rusage usage;
	int status = 0;

	(void)printf("\nExploring none, %d rounds: seconds for every state, "
	             "with all counts;\nexecutions a second one by one.\n\n"
	             "workload           states     median      least       "
	             "most  to reach\n",
	             ROUNDS);
	for (size_t i = 0; i < ROWS && status == 0; i++)
		status = measure(&rows[i]);
	if (getrusage(RUSAGE_CHILDREN, &usage) == 0)
		(void)printf("\nThe largest took %ld MiB.\n",
		             usage.ru_maxrss / 1024);
	return status;
}
