#include "harness/cmd/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "harness/base/clock.h"

enum {
	/* Where each line stays, a line every so often is enough. */
	LINE_EVERY_S = 5,
	/* An estimate from fewer steps than this would jump about. */
	STEPS_TO_JUDGE = 3,
};

void progress_begin(struct progress *progress, size_t all, bool shown)
{
	uint64_t now = clock_now_ns();

	*progress = (struct progress){
		.shown = shown,
		.terminal = isatty(STDERR_FILENO),
		.started_ns = now,
		.said_ns = now,
		.all = all,
	};
}

static double seconds_left(const struct progress *progress, uint64_t now)
{
	double each = (double)(now - progress->started_ns) /
	              (double)progress->done / (double)NS_PER_SEC;

	return each * (double)(progress->all - progress->done);
}

static void put_share(const struct progress *progress, uint64_t now)
{
	if (progress->all == 0) {
		(void)fprintf(stderr, "%zu trials", progress->done);
		return;
	}
	(void)fprintf(stderr, "%3zu %% of %zu trials",
	              progress->done * 100 / progress->all, progress->all);
	if (progress->done >= STEPS_TO_JUDGE)
		(void)fprintf(stderr, ", %.0f s left",
		              seconds_left(progress, now));
}

void progress_step(struct progress *progress, const char *doing)
{
	uint64_t now = clock_now_ns();
	bool due = progress->terminal ||
	           now - progress->said_ns >= LINE_EVERY_S * NS_PER_SEC;

	if (progress->shown && due) {
		(void)fputs(progress->terminal ? "\r\033[K" : "", stderr);
		put_share(progress, now);
		(void)fprintf(stderr, ": %s%s", doing,
		              progress->terminal ? "" : "\n");
		(void)fflush(stderr);
		progress->said_ns = now;
	}
	progress->done++;
}

void progress_end(struct progress *progress)
{
	if (progress->shown && progress->terminal)
		(void)fprintf(stderr, "\r\033[K");
}
