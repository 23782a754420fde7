#include "tests/unit/mirror.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/random.h"

/* One worker in so many that are idle dies, where they may. */
enum { DEATHS_IN = 12 };

struct deal {
	const struct mirror_test *test;
	struct mirror_real *real;
	struct random random;
	bool busy[MIRROR_WORKERS];
	bool dead[MIRROR_WORKERS];
	bool last; /* nothing may follow */
};

static char story[8192];

static void tell(const char *what, unsigned worker, long value)
{
	size_t length = strlen(story);

	(void)snprintf(story + length, sizeof(story) - length, "\n%c: %s %ld",
	               'A' + (int)worker, what, value);
}

static void tell_results(const struct mirror_result *results)
{
	for (unsigned i = 0; i < MIRROR_WORKERS; i++) {
		if (results[i].end == MIRROR_DONE)
			tell("... got", i, results[i].value);
		else if (results[i].end == MIRROR_WAITS)
			tell("... waits", i, 0);
	}
}

/* A worker that is idle, or MIRROR_WORKERS. */
static unsigned pick(struct deal *deal)
{
	unsigned idle[MIRROR_WORKERS], count = 0;

	for (unsigned i = 0; i < deal->test->workers; i++) {
		if (!deal->busy[i] && !deal->dead[i])
			idle[count++] = i;
	}
	return count ? idle[random_below(&deal->random, count)]
	             : MIRROR_WORKERS;
}

static void kill_worker(struct deal *deal, unsigned worker)
{
	tell("is killed", worker, 0);
	deal->dead[worker] = true;
	mirror_real_kill(deal->real, worker);
	mirror_model_kill(worker);
}

static void start(struct deal *deal, unsigned worker)
{
	unsigned index =
	        (unsigned)random_below(&deal->random, deal->test->count);
	const struct mirror_op *op = &deal->test->ops[index];

	if (!mirror_model_allows(op, worker))
		return;
	tell(op->name, worker, 0);
	deal->busy[worker] = true;
	deal->last = op->last;
	mirror_real_start(deal->real, index, worker);
	mirror_model_start(op, worker);
}

/* Lets what was started come to rest on both sides. */
static bool come_to_rest(struct deal *deal, bool late)
{
	struct mirror_result results[MIRROR_WORKERS];

	if (!mirror_real_settle(deal->real, results)) {
		tell("... is neither done nor asleep", 0, 0);
		return false;
	}
	tell_results(results);
	for (unsigned i = 0; i < MIRROR_WORKERS; i++)
		deal->busy[i] = results[i].end == MIRROR_WAITS;
	if (mirror_model_follow(results, late))
		return true;
	tell("... which the model has no way to", 0, 0);
	return false;
}

/* Once all deadlines are over, nobody waits who has one. */
static bool heed_deadlines(struct deal *deal)
{
	if (!deal->test->deadline_ms)
		return true;
	tell("... may wait no longer", 0, 0);
	(void)poll(NULL, 0, (int)deal->test->deadline_ms + 1);
	return come_to_rest(deal, true);
}

static bool deal_out(struct deal *deal, unsigned steps)
{
	for (unsigned i = 0; i < steps && !deal->last; i++) {
		unsigned worker = pick(deal);

		if (worker == MIRROR_WORKERS)
			break;
		if (deal->test->deaths &&
		    random_below(&deal->random, DEATHS_IN) == 0)
			kill_worker(deal, worker);
		else
			start(deal, worker);
		if (!come_to_rest(deal, false))
			return false;
	}
	return heed_deadlines(deal);
}

const char *mirror_differ(const struct mirror_test *test, uint64_t seed,
                          unsigned steps)
{
	struct deal deal = { .test = test, .random = { .state = seed } };
	bool same;

	(void)snprintf(story, sizeof(story), "seed %llu",
	               (unsigned long long)seed);
	deal.real = mirror_real_begin(test);
	mirror_model_begin(test);
	same = deal_out(&deal, steps);
	mirror_model_end();
	mirror_real_end(deal.real);
	return same ? NULL : story;
}
