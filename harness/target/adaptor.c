#include "harness/target/adaptor.h"

#include <stdio.h>

/* It runs on the workers' stacks, which sanitizers know nothing of. */
#define UNCHECKED __attribute__((no_sanitize("address", "undefined")))

enum { LINE = 64 };

static size_t lines(size_t bytes)
{
	return (bytes + LINE - 1) / LINE * LINE;
}

/*
 * A strategy's memory: the counter on a line of its own, what is shared, and
 * each worker's own lines. A program's is its own from the first byte.
 */
static size_t mine_at(const struct target *target)
{
	return LINE + lines(target->strategy->ops->shared_size);
}

static UNCHECKED void *mine_of(const struct adaptor *adaptor, unsigned self)
{
	const struct sync_strategy *strategy = adaptor->target->strategy;

	if (!strategy || strategy->ops->mine_size == 0)
		return NULL;
	return adaptor->base + mine_at(adaptor->target) +
	       self * lines(strategy->ops->mine_size);
}

size_t adaptor_bytes(const struct target *target, unsigned workers)
{
	if (!target->strategy)
		return target->program->shared_size;
	return mine_at(target) +
	       workers * lines(target->strategy->ops->mine_size);
}

UNCHECKED void *adaptor_shared(const struct adaptor *adaptor)
{
	return adaptor->base + (adaptor->target->strategy ? LINE : 0);
}

UNCHECKED int adaptor_init(const struct adaptor *adaptor)
{
	const struct target *target = adaptor->target;
	int (*init)(void *, unsigned) = target->strategy
	                                        ? target->strategy->ops->init
	                                        : target->program->init;

	return init ? init(adaptor_shared(adaptor), adaptor->workers) : 0;
}

static UNCHECKED int increment(const struct adaptor *adaptor,
                               struct sync_ctx *ctx)
{
	const struct sync_strategy *strategy = adaptor->target->strategy;
	uint64_t done = 0;
	int err = 0;

	if (strategy->ops->attach)
		err = strategy->ops->attach(ctx);
	if (err)
		return err;
	err = strategy->loop(ctx, (uint64_t *)(void *)adaptor->base,
	                     adaptor->increments, &done);
	if (strategy->ops->detach)
		strategy->ops->detach(ctx);
	return err;
}

UNCHECKED int adaptor_work(const struct adaptor *adaptor, unsigned self)
{
	struct sync_ctx ctx = {
		.shared = adaptor_shared(adaptor),
		.mine = mine_of(adaptor, self),
		.self = self,
		.workers = adaptor->workers,
	};

	if (adaptor->target->strategy)
		return increment(adaptor, &ctx);
	adaptor->target->program->worker(&ctx);
	return 0;
}

UNCHECKED uint64_t adaptor_total(const struct adaptor *adaptor)
{
	const struct sync_ops *ops = adaptor->target->strategy->ops;
	const uint64_t *counter = (const uint64_t *)(void *)adaptor->base;

	if (!ops->total)
		return *counter;
	return ops->total(adaptor_shared(adaptor), adaptor->workers, counter);
}

UNCHECKED const char *adaptor_check(const struct adaptor *adaptor)
{
	return adaptor->target->program->check(adaptor_shared(adaptor),
	                                       adaptor->workers);
}

static const char *name_with_offset(const char *name, size_t offset, char *text,
                                    size_t size)
{
	if (offset == 0)
		(void)snprintf(text, size, "%s", name);
	else
		(void)snprintf(text, size, "%s+%zu", name, offset);
	return text;
}

void adaptor_shape_of(const struct target *target, struct adaptor_shape *shape)
{
	*shape = (struct adaptor_shape){ .strategy = target->strategy };
	(void)snprintf(shape->name, sizeof(shape->name), "%s", target->name);
	if (target->strategy) {
		shape->shared_size = target->strategy->ops->shared_size;
		shape->mine_size = target->strategy->ops->mine_size;
	} else {
		shape->shared_size = target->program->shared_size;
	}
}

const char *adaptor_name(const struct adaptor_shape *shape, size_t offset,
                         char *text, size_t size)
{
	size_t mine_from = LINE + lines(shape->shared_size);
	size_t mine = lines(shape->mine_size);
	char name[16];

	if (!shape->strategy)
		return name_with_offset("shared", offset, text, size);
	if (offset < LINE)
		return name_with_offset("counter", offset, text, size);
	if (offset < mine_from || mine == 0)
		return name_with_offset("shared", offset - LINE, text, size);
	offset -= mine_from;
	(void)snprintf(name, sizeof(name), "mine[%c]",
	               (int)('A' + offset / mine));
	return name_with_offset(name, offset % mine, text, size);
}
