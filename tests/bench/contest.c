#include "tests/bench/contest.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "harness/base/median.h"

enum {
	/* With fewer, luck at a first look would decide too often. */
	ROUNDS_MIN = 50,
	/* To say SLOW fails the benchmark, so it takes more. */
	ROUNDS_SLOW = 100,
	MORE_MAX = 9999, /* as good as never */
};

static int make_room(struct contest *contest)
{
	size_t capacity = contest->capacity ? 2 * contest->capacity : 32;
	struct contest_round *rounds;

	if (contest->count < contest->capacity)
		return 0;
	rounds = realloc(contest->rounds, capacity * sizeof(*rounds));
	if (!rounds)
		return -ENOMEM;
	contest->rounds = rounds;
	contest->capacity = capacity;
	return 0;
}

int contest_round(struct contest *contest)
{
	bool floor_first = contest->count % 2;
	struct contest_round round;
	int err = make_room(contest);

	if (!err && floor_first)
		err = contest->floor(contest, &round.floor);
	if (!err)
		err = contest->harness(contest, &round.harness);
	if (!err && !floor_first)
		err = contest->floor(contest, &round.floor);
	if (!err)
		contest->rounds[contest->count++] = round;
	return err;
}

static size_t rounds_least(const struct summary *ratio, double limit)
{
	return ratio->median > limit ? ROUNDS_SLOW : ROUNDS_MIN;
}

static enum verdict judge(const struct summary *ratio, double limit)
{
	if (ratio->count < rounds_least(ratio, limit))
		return VERDICT_OPEN;
	if (ratio->high <= limit)
		return VERDICT_OK;
	return ratio->low > limit ? VERDICT_SLOW : VERDICT_OPEN;
}

/* The width of an interval shrinks with the square root of the rounds. */
static size_t rounds_missing(const struct summary *ratio, double limit)
{
	double gap = fabs(limit - ratio->median);
	double arm = ratio->median <= limit ? ratio->high - ratio->median
	                                    : ratio->median - ratio->low;
	double missing = (double)ratio->count * (pow(arm / gap, 2) - 1);

	if (ratio->count < rounds_least(ratio, limit))
		return rounds_least(ratio, limit) - ratio->count;
	return missing < MORE_MAX ? (size_t)ceil(missing) : MORE_MAX;
}

static void stand(const struct contest *contest, double *values,
                  struct contest_standing *standing)
{
	const struct contest_round *rounds = contest->rounds;
	size_t count = contest->count;

	for (size_t i = 0; i < count; i++)
		values[i] = rounds[i].harness;
	standing->harness = median_of(values, count);
	for (size_t i = 0; i < count; i++)
		values[i] = rounds[i].floor;
	standing->floor = median_of(values, count);
	for (size_t i = 0; i < count; i++)
		values[i] = rounds[i].harness / rounds[i].floor;
	standing->ratio = summary_of(values, count);
	standing->verdict = judge(&standing->ratio, contest->limit);
	standing->more = 0;
	if (standing->verdict == VERDICT_OPEN)
		standing->more =
		        rounds_missing(&standing->ratio, contest->limit);
}

int contest_stand(const struct contest *contest,
                  struct contest_standing *standing)
{
	double *values = calloc(contest->count + 1, sizeof(*values));

	if (!values)
		return -ENOMEM;
	stand(contest, values, standing);
	free(values);
	return 0;
}

/* 50, 75, 112, 168 ... */
static bool is_time_to_look(size_t count)
{
	size_t look_at = ROUNDS_MIN;

	while (look_at < count)
		look_at += look_at / 2;
	return look_at == count;
}

int contest_decided(const struct contest *contest, bool *decided)
{
	struct contest_standing standing;
	int err;

	*decided = false;
	if (!is_time_to_look(contest->count))
		return 0;
	err = contest_stand(contest, &standing);
	if (err)
		return err;
	*decided = standing.verdict != VERDICT_OPEN;
	return 0;
}

void contest_free(struct contest *contest)
{
	free(contest->rounds);
	contest->rounds = NULL;
}
