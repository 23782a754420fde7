#include "harness/run/plan.h"

#include <errno.h>
#include <stdlib.h>

/* Bare, and with what the specification wants to be noted down. */
static size_t passes_of(const struct run_spec *spec)
{
	return 1 + (size_t)spec->latency + (size_t)spec->watched;
}

/* A cell is a strategy at one point of each axis, in one kind of pass. */
static size_t cells_of(const struct run_spec *spec)
{
	return spec->strategies_count * spec->workers_count * spec->pins_count *
	       spec->insides_count * spec->outsides_count * passes_of(spec);
}

/* Takes the next digit of *CELL, a number of as many bases as there are axes. */
static size_t digit(size_t *cell, size_t base)
{
	size_t rest = *cell % base;

	*cell /= base;
	return rest;
}

static struct run_trial trial_of(const struct run_spec *spec, size_t cell)
{
	struct run_trial trial = { .time_ns = spec->time_ns,
		                   .count = spec->count };

	size_t pass = digit(&cell, passes_of(spec));

	trial.latency = pass == 1 && spec->latency;
	trial.watched = pass > 0 && !trial.latency;
	trial.outside_ns = spec->outside_ns[digit(&cell, spec->outsides_count)];
	trial.inside_ns = spec->inside_ns[digit(&cell, spec->insides_count)];
	trial.pin = spec->pins[digit(&cell, spec->pins_count)];
	trial.workers = spec->workers[digit(&cell, spec->workers_count)];
	trial.strategy = spec->strategies[cell];
	if (spec->where && pass == 0)
		trial.events = counters_hardware;
	return trial;
}

int plan_begin(struct plan *plan, const struct run_spec *spec)
{
	size_t all = cells_of(spec);

	*plan = (struct plan){ .spec = spec, .random = { spec->seed } };
	plan->order = calloc(all, sizeof(*plan->order));
	if (!plan->order)
		return -ENOMEM;
	/* What a strategy cannot do is left out. */
	for (unsigned cell = 0; cell < all; cell++) {
		struct run_trial trial = trial_of(spec, cell);

		if (run_strategy_can(trial.strategy, trial.workers,
		                     trial.inside_ns))
			plan->order[plan->cells++] = cell;
	}
	return 0;
}

bool plan_next(struct plan *plan, struct plan_item *item)
{
	size_t place = plan->next % plan->cells;

	if (plan->spec->trials && plan->next >= plan_size(plan))
		return false;
	if (place == 0)
		random_shuffle(&plan->random, plan->order, plan->cells);
	*item = (struct plan_item){
		.trial = trial_of(plan->spec, plan->order[place]),
		.number = (unsigned)++plan->next,
		.block = (unsigned)((plan->next - 1) / plan->cells) + 1,
		.first_of_block = place == 0,
	};
	return true;
}

size_t plan_size(const struct plan *plan)
{
	return plan->cells * plan->spec->trials;
}

void plan_end(struct plan *plan)
{
	free(plan->order);
	plan->order = NULL;
}
