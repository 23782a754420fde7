/*
 * bench [SECONDS]: what the harness costs beside hand-written C. Measures until
 * every contest is decided, or until the time is up (480 s). Ends 0; 1 if the
 * harness is slow somewhere; 2 for wrong usage; 3 if something is missing;
 * 128 + n after signal n.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/median.h"
#include "harness/base/random.h"
#include "harness/base/text.h"
#include "tests/bench/contest.h"
#include "tests/bench/entry.h"
#include "tests/bench/explore.h"
#include "tests/bench/table.h"

enum {
	SECONDS = 480,
	SECONDS_MAX = 86400,
	CONTESTS_MAX = 128,
	TRIAL_WORKERS = 2, /* at most */
	SKEWS = 5,
	LINE_EVERY_S = 10, /* where the progress line cannot be redrawn */
};

/* The figures to reach, as ratios to the floor; of a trial by its workers. */
static const double trial_limit[TRIAL_WORKERS + 1] = { 0, 1.03, 1.10 };
static const double crowd_limit = 1.5;
/* An exact counter at the price of a wrong one: of one worker's plain increment. */
static const double exact_limit = 1.3;

struct bench {
	struct run_spec spec;
	struct run run;
	struct complaint complaint;
	struct random random;
	struct entry entries[CONTESTS_MAX];
	struct contest contests[CONTESTS_MAX];
	unsigned count;
	unsigned open[CONTESTS_MAX]; /* the contests that are not decided */
	unsigned open_count;
	uint64_t start_ns, said_ns;
	unsigned seconds;
};

static void enter(struct bench *bench, const struct floor *floor,
                  const struct contest *contest)
{
	struct entry *entry = &bench->entries[bench->count];

	*entry = (struct entry){
		.run = &bench->run,
		.complaint = &bench->complaint,
		.floor = floor,
		.strategy = run_strategy(floor->name),
	};
	bench->contests[bench->count] = *contest;
	bench->contests[bench->count].entry = entry;
	bench->open[bench->count] = bench->count;
	bench->open_count = ++bench->count;
}

static bool takes(const struct floor *floor, unsigned workers)
{
	return workers <= run_strategy_workers_max(run_strategy(floor->name));
}

static void enter_all(struct bench *bench)
{
	for (unsigned workers = 1; workers <= TRIAL_WORKERS; workers++) {
		for (size_t i = 0; floors[i]; i++) {
			struct contest contest = {
				.name = floors[i]->name,
				.workers = workers,
				.limit = trial_limit[workers],
				.harness = entry_trial,
				.floor = entry_floor,
			};

			if (takes(floors[i], workers))
				enter(bench, floors[i], &contest);
		}
	}
	for (unsigned workers = 1; workers <= TRIAL_WORKERS; workers++)
		enter(bench, &floor_sharded,
		      &(struct contest){
		              .name = "sharded/none of 1",
		              .workers = workers,
		              .limit = exact_limit,
		              .harness = entry_trial,
		              .floor = entry_plain,
		      });
	enter(bench, &floor_none,
	      &(struct contest){
	              .name = "start+reap",
	              .workers = ENTRY_CROWD,
	              .limit = crowd_limit,
	              .harness = entry_crowd,
	              .floor = entry_bare_crowd,
	      });
}

static int check_floors(struct complaint *complaint)
{
	size_t count = 0;

	for (; floors[count]; count++) {
		if (run_strategy(floors[count]->name))
			continue;
		complain(complaint, floors[count]->name,
		         "there is no such strategy");
		return -EINVAL;
	}
	if (count * TRIAL_WORKERS < CONTESTS_MAX)
		return 0;
	complain(complaint, "the floors", "there are too many");
	return -E2BIG;
}

/* All strategies, and not by name, or each would have to take all workers. */
static int begin(struct bench *bench)
{
	const char *all = "all";
	const struct run_text text = { .strategies = &all,
		                       .strategies_count = 1,
		                       .workers = "1,2,1000" };
	int err = check_floors(&bench->complaint);

	if (!err)
		err = run_spec_parse(&bench->spec, &text, &bench->complaint);
	if (err)
		return err;
	bench->random.state = random_seed();
	enter_all(bench);
	return run_begin(&bench->run, &bench->spec, &bench->complaint);
}

static void end(struct bench *bench)
{
	run_end(&bench->run);
	for (unsigned i = 0; i < bench->count; i++)
		contest_free(&bench->contests[i]);
	run_spec_free(&bench->spec);
}

static void show_progress(struct bench *bench)
{
	uint64_t now = clock_now_ns();
	bool terminal = isatty(STDERR_FILENO);

	if (!terminal && now - bench->said_ns < LINE_EVERY_S * NS_PER_SEC)
		return;
	bench->said_ns = now;
	(void)fprintf(
	        stderr, "%s%3.0f s of at most %u: %u of %u still undecided%s",
	        terminal ? "\r\033[K" : "",
	        (double)(now - bench->start_ns) / NS_PER_SEC, bench->seconds,
	        bench->open_count, bench->count, terminal ? "" : "\n");
	(void)fflush(stderr);
}

static int play(struct contest *contest, bool *over)
{
	int err = contest_round(contest);

	if (run_impossible_here(err)) {
		contest->impossible = *over = true;
		return 0;
	}
	return err ? err : contest_decided(contest, over);
}

/* One round of each contest that is open, in random order. */
static int play_all(struct bench *bench)
{
	unsigned kept = 0;
	int err = 0;

	random_shuffle(&bench->random, bench->open, bench->open_count);
	for (unsigned i = 0; i < bench->open_count && !err; i++) {
		bool over = false;

		err = play(&bench->contests[bench->open[i]], &over);
		if (!over)
			bench->open[kept++] = bench->open[i];
	}
	if (!err)
		bench->open_count = kept;
	return err;
}

static int measure(struct bench *bench)
{
	uint64_t until;
	int err = 0;

	bench->start_ns = bench->said_ns = clock_now_ns();
	until = bench->start_ns + bench->seconds * NS_PER_SEC;
	while (bench->open_count > 0 && clock_now_ns() < until && !err) {
		err = play_all(bench);
		show_progress(bench);
	}
	if (isatty(STDERR_FILENO))
		(void)fprintf(stderr, "\r\033[K");
	return err;
}

/* Returns the exit status. */
static int report(const struct bench *bench)
{
	int status = 0;

	table_head();
	for (unsigned i = 0; i < bench->count; i++) {
		struct contest_standing standing;

		if (contest_stand(&bench->contests[i], &standing) < 0)
			return 3;
		table_row(&bench->contests[i], &standing);
		if (standing.verdict == VERDICT_SLOW)
			status = 1;
	}
	table_foot();
	return status;
}

/* What a crowd is released with: nobody can start a thousand at once. */
static int report_skew(const struct bench *bench)
{
	double skew[SKEWS];

	for (int i = 0; i < SKEWS; i++) {
		uint64_t skew_ns;
		int err =
		        entry_skew(&bench->entries[bench->count - 1], &skew_ns);

		if (err)
			return 3;
		skew[i] = (double)skew_ns / NS_PER_MS;
	}
	median_sort(skew, SKEWS);
	(void)printf("\nStart skew of %d workers on %u CPUs: %.1f ms (%.1f to "
	             "%.1f), a turn for each.\n",
	             ENTRY_CROWD, bench->spec.cpus.count,
	             median_of_sorted(skew, SKEWS), skew[0], skew[SKEWS - 1]);
	return 0;
}

static int run(struct bench *bench)
{
	int err = begin(bench);

	if (!err)
		err = measure(bench);
	if (!err) {
		int status = report(bench), skew = report_skew(bench);

		return skew ? skew : status;
	}
	if (bench->run.signals.caught)
		return 128 + bench->run.signals.caught;
	(void)fprintf(stderr, "bench: %s: %s (%s)\n", bench->complaint.what,
	              bench->complaint.why, text_errno(-err));
	return 3;
}

int main(int argc, char **argv)
{
	static struct bench bench = { .seconds = SECONDS };
	uint64_t seconds;
	int status, explored;

	if (argc > 2 ||
	    (argc == 2 && text_number(argv[1], 1, SECONDS_MAX, &seconds) < 0)) {
		(void)fprintf(stderr, "usage: bench [SECONDS]\n");
		return 2;
	}
	if (argc == 2)
		bench.seconds = (unsigned)seconds;
	status = run(&bench);
	end(&bench);
	explored = status >= 128 ? 0 : bench_explore();
	return status ? status : explored;
}
