#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/keys.h"
#include "harness/cmd/options.h"
#include "harness/run/run.h"
#include "harness/run/sharing.h"
#include "harness/view/histogram.h"

enum {
	KEY_ONCE = 0x200,
	KEY_AS,
	KEY_IN,
	TRIALS_MOST = 100000, /* live; then it goes on to the next */
	/*
	 * How long a trial lasts: long enough to lose updates, short enough
	 * to watch. Workers that share a CPU lose one only when their time
	 * slice ends in between, so there must be many slices.
	 */
	TRIAL_MS = 20,
	TRIAL_CROWDED_MS = 100,
};

struct options {
	struct run_text text;
	bool once;
};

struct show {
	const struct run_spec *spec;
	struct run run;
	struct keys keys;
	uint64_t *totals;
	size_t most;
	bool live;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'w':
		options->text.workers = value;
		return 0;
	case 'n':
		options->text.count = value;
		return 0;
	case 'r':
		options->text.trials = value;
		return 0;
	case KEY_AS:
		options->text.as = value;
		return 0;
	case KEY_IN:
		options->text.memory = value;
		return 0;
	case KEY_ONCE:
		options->once = true;
		return 0;
	case ARGP_KEY_ARGS:
		options->text.strategies =
		        (const char *const *)state->argv + state->next;
		options->text.strategies_count =
		        (size_t)(state->argc - state->next);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "workers", 'w', "N", 0, "How many workers (default: 2)", 1 },
	{ "count", 'n', "K", 0,
	  "Increments of each worker (default: what takes a moment)", 1 },
	{ "as", KEY_AS, "KIND", 0,
	  "What the workers are: processes (default) or threads", 1 },
	{ "in", KEY_IN, "MEMORY", 0,
	  "Shared memory: anon (default), sysv, posix, file, memfd", 1 },
	{ "once", KEY_ONCE, NULL, 0,
	  "Without keys: show each strategy once and end", 1 },
	{ "trials", 'r', "R", 0, "Trials of each with --once (default: 40)",
	  1 },
	{ 0 },
};

static const struct argp argp = {
	table,
	parse,
	"[STRATEGY...]",
	"For a lecture: the same program over and over, and a histogram of its "
	"final totals, live; then the same under a lock.\v"
	"Examples:\n"
	"  racelab show\n"
	"  racelab show none none_rmw atomic\n"
	"  racelab show --once\n\n"
	"Space goes on to the next strategy, q ends. Without strategies it "
	"shows none, then mutex. Without a terminal it acts as with --once.",
	NULL,
	NULL,
	NULL
};

/* How many increments of each worker take about as long as a trial should. */
static int calibrate(struct show *show, const struct sync_strategy *strategy,
                     uint64_t *count, struct complaint *complaint)
{
	unsigned workers = show->spec->workers[0];
	bool crowded = workers >
	               run_cpus_used(show->spec, show->spec->pins[0], workers);
	struct run_trial trial = {
		.strategy = strategy,
		.pin = show->spec->pins[0],
		.workers = workers,
		.time_ns = (crowded ? TRIAL_CROWDED_MS : TRIAL_MS) * NS_PER_MS,
	};
	struct run_result *result;
	uint64_t each, round = 1;
	int err = run_trial(&show->run, &trial, &result, complaint);

	if (err)
		return err;
	each = run_measure(result).expected / workers;
	free(result);
	/* One digit and zeros can be read from the last row. */
	while (each / round >= 10)
		round *= 10;
	*count = each > 0 ? each / round * round : 1;
	return 0;
}

static unsigned terminal_columns(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0
	               ? size.ws_col
	               : 80;
}

static void draw(const struct show *show, const struct histogram *histogram,
                 const char *next)
{
	char *text = histogram_text(histogram);

	/* Home, and clear what was longer before. */
	if (show->live)
		(void)fputs("\033[H\033[J\n", stdout);
	if (text)
		(void)fputs(text, stdout);
	free(text);
	if (show->live && next)
		(void)printf("\n  [space] next: %s    [q] end\n", next);
	else if (show->live)
		(void)printf("\n  [space] or [q] end\n");
	(void)fflush(stdout);
}

static void complain_of_workers(const struct run_result *result,
                                struct complaint *complaint)
{
	char text[FATE_TEXT];
	unsigned worker = 0;

	while (worker + 1 < result->workers &&
	       result->worker[worker].fate == FATE_FINISHED)
		worker++;
	complain(complaint, result->strategy->name, "worker %u %s", worker + 1,
	         fate_text(text, &result->worker[worker]));
}

/* Another trial. Returns 0, or -errno with a complaint unless -EINTR. */
static int add_total(struct show *show, struct histogram *histogram,
                     const struct sync_strategy *strategy,
                     struct complaint *complaint)
{
	struct run_trial trial = {
		.strategy = strategy,
		.pin = show->spec->pins[0],
		.workers = histogram->workers,
		.count = histogram->each,
	};
	struct run_result *result;
	int err = run_trial(&show->run, &trial, &result, complaint);

	if (err)
		return err;
	if (!run_measure(result).valid) {
		complain_of_workers(result, complaint);
		err = -ECHILD;
	} else {
		show->totals[histogram->count++] = result->observed;
	}
	free(result);
	return err;
}

/* One strategy until a key, or until there are enough. *KEY is that key. */
static int scene(struct show *show, size_t index, int *key,
                 struct complaint *complaint)
{
	const struct run_spec *spec = show->spec;
	const struct sync_strategy *strategy = spec->strategies[index];
	struct histogram histogram = {
		.strategy = strategy->name,
		.summary = strategy->ops->summary,
		.workers = spec->workers[0],
		.each = spec->count,
		.totals = show->totals,
		.columns = terminal_columns(),
		.color = say_in_color(STDOUT_FILENO),
	};
	const char *next = index + 1 < spec->strategies_count
	                           ? spec->strategies[index + 1]->name
	                           : NULL;
	int err = 0;

	*key = 0;
	if (histogram.workers > 1 && run_strategy_workers_max(strategy) > 1)
		err = sharing_check(&show->run, strategy, complaint);
	if (!err && histogram.each == 0)
		err = calibrate(show, strategy, &histogram.each, complaint);
	while (!err && histogram.count < show->most && *key != 'q' &&
	       *key != ' ') {
		err = add_total(show, &histogram, strategy, complaint);
		if (!err && show->live) {
			draw(show, &histogram, next);
			*key = keys_get(0);
		}
	}
	if (!err && !show->live) {
		draw(show, &histogram, next);
		(void)printf("%s", next ? "\n" : "");
	}
	return err;
}

static int play(struct show *show, struct complaint *complaint)
{
	int err = 0, key = 0;

	if (show->live && keys_begin(&show->keys) < 0)
		show->live = false;
	for (size_t i = 0;
	     i < show->spec->strategies_count && !err && key != 'q'; i++)
		err = scene(show, i, &key, complaint);
	keys_end(&show->keys);
	if (err == -EINTR)
		return 128 + show->run.signals.caught;
	if (err == -ECHILD || err == -EXDEV)
		return say_complaint(complaint, STATUS_WORKER);
	if (err)
		return say_complaint(complaint, run_impossible_here(err)
		                                        ? STATUS_IMPOSSIBLE
		                                        : STATUS_RESOURCE);
	return STATUS_OK;
}

static int run_show(const struct run_spec *spec, bool live)
{
	struct show show = { .spec = spec,
		             .live = live,
		             .most = live ? TRIALS_MOST : spec->trials };
	struct complaint complaint = { 0 };
	int err, status;

	show.totals = calloc(show.most, sizeof(*show.totals));
	if (!show.totals)
		return say_error("show", -ENOMEM, STATUS_RESOURCE);
	err = run_begin(&show.run, spec, &complaint);
	if (err)
		status = say_complaint(&complaint, run_impossible_here(err)
		                                           ? STATUS_IMPOSSIBLE
		                                           : STATUS_RESOURCE);
	else
		status = play(&show, &complaint);
	run_end(&show.run);
	free(show.totals);
	return status;
}

int cmd_show(int argc, char **argv)
{
	static const char *const usual[] = { "none", "mutex" };
	struct options options = { 0 };
	struct complaint complaint = { 0 };
	struct run_spec spec;
	bool live;
	int err, status;

	options_parse(&argp, "show", argc, argv, &options);
	if (options.text.strategies_count == 0) {
		options.text.strategies = usual;
		options.text.strategies_count = 2;
	}
	if (!options.text.trials)
		options.text.trials = "40";
	err = run_spec_parse(&spec, &options.text, &complaint);
	if (err)
		return say_refused(&complaint, err);
	if (spec.workers_count > 1) {
		run_spec_free(&spec);
		options_refuse("-w", options.text.workers,
		               "one number of workers");
	}
	live = !options.once && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	status = run_show(&spec, live);
	run_spec_free(&spec);
	return status;
}
