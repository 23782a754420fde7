#include "harness/explore/tso.h"

#include <string.h>

static bool overlaps(const struct buffered *entry, const struct op *op)
{
	const unsigned char *at = op->address;

	return entry->address < at + op->size &&
	       at < entry->address + entry->size;
}

static bool covers(const struct buffered *entry, const struct op *op)
{
	const unsigned char *at = op->address;

	return entry->address <= at &&
	       at + op->size <= entry->address + entry->size;
}

/* The youngest store that a load of OP's bytes must see; NULL: memory's. */
static const struct buffered *newest(const struct worker_now *now,
                                     const struct op *op)
{
	for (uint32_t i = now->stores; i-- > 0;) {
		if (overlaps(&now->buffer[i], op))
			return &now->buffer[i];
	}
	return NULL;
}

static bool is_buffered(const struct op *op)
{
	return op->kind == OP_STORE && !op->drains;
}

bool tso_allows(const struct worker_now *now, unsigned limit)
{
	const struct op *op = &now->op;
	const struct buffered *entry;

	if (now->stores == 0)
		return true;
	if (op->drains)
		return false;
	if (op->kind == OP_STORE || op->kind == OP_CALL)
		return now->stores < limit;
	entry = newest(now, op);
	return !entry || covers(entry, op);
}

void tso_before(const struct worker_now *now, struct tso_step *step)
{
	const struct op *op = &now->op;
	const struct buffered *entry = NULL;

	step->op = *op;
	step->stores = is_buffered(op);
	if (op->kind == OP_LOAD && now->stores)
		entry = newest(now, op);
	step->loads = entry;
	if (step->stores || step->loads)
		memcpy(step->bytes, op->address, op->size);
	if (entry)
		memcpy(op->address,
		       entry->bytes +
		               ((unsigned char *)op->address - entry->address),
		       op->size);
}

void tso_after(struct worker_now *now, const struct tso_step *step)
{
	const struct op *op = &step->op;
	struct buffered *entry = &now->buffer[now->stores];

	if (step->stores) {
		*entry = (struct buffered){ .address = op->address,
			                    .size = op->size };
		memcpy(entry->bytes, op->address, op->size);
		now->stores++;
	}
	if (step->stores || step->loads)
		memcpy(op->address, step->bytes, op->size);
}

void tso_defer(struct worker_now *now)
{
	struct buffered *entry = &now->buffer[now->stores++];

	*entry = (struct buffered){ .call = now->op.call };
	memcpy(entry->args, now->op.args, sizeof(entry->args));
}

void tso_flush(struct worker_now *now, struct model *model, unsigned worker)
{
	struct buffered *oldest = &now->buffer[0];

	if (oldest->call) {
		struct op op = { .kind = OP_CALL, .call = oldest->call };

		memcpy(op.args, oldest->args, sizeof(op.args));
		op.call->go(model, worker, &op, 0);
	} else {
		memcpy(oldest->address, oldest->bytes, oldest->size);
	}
	now->stores--;
	memmove(oldest, oldest + 1, now->stores * sizeof(*oldest));
}
