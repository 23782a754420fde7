#include "harness/run/plan.h"

#include <errno.h>
#include <stdlib.h>

/* A cell is a strategy with a number of workers. */
static const struct sync_strategy *strategy_of(const struct run_spec *spec,
                                               unsigned cell)
{
	return spec->strategies[cell / spec->workers_count];
}

static unsigned workers_of(const struct run_spec *spec, unsigned cell)
{
	return spec->workers[cell % spec->workers_count];
}

int plan_begin(struct plan *plan, const struct run_spec *spec)
{
	unsigned all = (unsigned)(spec->strategies_count * spec->workers_count);

	*plan = (struct plan){ .spec = spec, .random = { spec->seed } };
	plan->order = calloc(all, sizeof(*plan->order));
	if (!plan->order)
		return -ENOMEM;
	/* What a strategy cannot do is left out. */
	for (unsigned cell = 0; cell < all; cell++) {
		if (workers_of(spec, cell) <=
		    run_strategy_workers_max(strategy_of(spec, cell)))
			plan->order[plan->cells++] = cell;
	}
	return 0;
}

bool plan_next(struct plan *plan, struct plan_item *item)
{
	const struct run_spec *spec = plan->spec;
	size_t place = plan->next % plan->cells;
	unsigned cell;

	if (plan->next >= plan_size(plan))
		return false;
	if (place == 0)
		random_shuffle(&plan->random, plan->order, plan->cells);
	cell = plan->order[place];
	*item = (struct plan_item){
		.trial = {
			.strategy = strategy_of(spec, cell),
			.workers = workers_of(spec, cell),
			.time_ns = spec->time_ns,
			.count = spec->count,
		},
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
