#include "harness/explore/model/model.h"

#include <string.h>

#include "harness/explore/model/kernel.h"
#include "harness/explore/model/mutex_state.h"

/*
 * The objects lie one after another, sorted by kind, owner and key, so that
 * equal situations are equal bytes whoever came first.
 */
struct header {
	uint64_t key; /* an address or a number */
	unsigned char kind;
	unsigned char owner; /* a worker, MODEL_PARENT or EVERYBODY */
	uint16_t units;      /* of 16 bytes, that follow */
	uint32_t unused;
};

enum { UNIT = 16, EVERYBODY = MODEL_PARENT + 1 };

_Static_assert(sizeof(struct header) == UNIT, "an object would not be aligned");

static struct header *header_at(struct model *model, uint32_t at)
{
	return (struct header *)(void *)(model->bytes + at);
}

static uint32_t after(struct model *model, uint32_t at)
{
	return at + UNIT * (1u + header_at(model, at)->units);
}

static int compare(const struct header *header, enum model_kind kind,
                   unsigned owner, uint64_t key)
{
	if (header->kind != kind)
		return header->kind < kind ? -1 : 1;
	if (header->owner != owner)
		return header->owner < owner ? -1 : 1;
	if (header->key != key)
		return header->key < key ? -1 : 1;
	return 0;
}

/* Where the object is, or where it would have to be. */
static uint32_t place(struct model *model, enum model_kind kind, unsigned owner,
                      uint64_t key, bool *found)
{
	uint32_t at = 0;

	*found = false;
	while (at < model->used) {
		int order = compare(header_at(model, at), kind, owner, key);

		*found = order == 0;
		if (order >= 0)
			break;
		at = after(model, at);
	}
	return at;
}

static void *find(struct model *model, enum model_kind kind, unsigned owner,
                  uint64_t key)
{
	bool found;
	uint32_t at = place(model, kind, owner, key, &found);

	return found ? header_at(model, at) + 1 : NULL;
}

/* Nobody reads it: the verdict is `unfinished` once the model is full. */
static void *scratch(struct model *model, size_t size)
{
	static _Alignas(UNIT) unsigned char bytes[MODEL_BYTES];

	model->full = true;
	memset(bytes, 0, size < sizeof(bytes) ? size : sizeof(bytes));
	return bytes;
}

static void *insert(struct model *model, enum model_kind kind, unsigned owner,
                    uint64_t key, size_t size)
{
	size_t units = (size + UNIT - 1) / UNIT;
	size_t bytes = UNIT * (1 + units);
	struct header *header;
	uint32_t at;
	bool found;

	if (bytes > sizeof(model->bytes) - model->used)
		return scratch(model, size);
	at = place(model, kind, owner, key, &found);
	header = header_at(model, at);
	memmove(model->bytes + at + bytes, header, model->used - at);
	memset(header, 0, bytes);
	header->key = key;
	header->kind = (unsigned char)kind;
	header->owner = (unsigned char)owner;
	header->units = (uint16_t)units;
	model->used += (uint32_t)bytes;
	return header + 1;
}

static unsigned owner_of(unsigned worker, uint64_t address)
{
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): it was a pointer */
	return model_is_shared((const void *)address) ? EVERYBODY : worker;
}

void *model_object(struct model *model, enum model_kind kind, unsigned worker,
                   uint64_t address, size_t size)
{
	unsigned owner = owner_of(worker, address);
	void *object = find(model, kind, owner, address);
	const void *parents;

	if (object)
		return object;
	object = insert(model, kind, owner, address, size);
	parents = find(model, kind, MODEL_PARENT, address);
	if (parents && owner < MODEL_PARENT)
		memcpy(object, parents, size);
	return object;
}

/* What a worker has not used yet is as the parent left it. */
void *model_find(struct model *model, enum model_kind kind, unsigned worker,
                 uint64_t address)
{
	unsigned owner = owner_of(worker, address);
	void *object = find(model, kind, owner, address);

	if (!object && owner < MODEL_PARENT)
		object = find(model, kind, MODEL_PARENT, address);
	return object;
}

void *model_numbered(struct model *model, enum model_kind kind, uint64_t number,
                     size_t size)
{
	void *object = find(model, kind, EVERYBODY, number);

	return object ? object : insert(model, kind, EVERYBODY, number, size);
}

void *model_find_numbered(struct model *model, enum model_kind kind,
                          uint64_t number)
{
	return find(model, kind, EVERYBODY, number);
}

void model_each(struct model *model, enum model_kind kind,
                void (*body)(void *object, uint64_t key, unsigned owner,
                             void *argument),
                void *argument)
{
	for (uint32_t at = 0; at < model->used; at = after(model, at)) {
		struct header *header = header_at(model, at);

		if (header->kind == kind)
			body(header + 1, header->key, header->owner, argument);
	}
}

unsigned model_one_way(struct model *model, unsigned worker,
                       const struct op *op)
{
	(void)model;
	(void)worker;
	(void)op;
	return 1;
}

void model_end_worker(struct model *model, unsigned worker)
{
	model->dead |= UINT32_C(1) << worker;
	if (model->used == 0) /* as in most executions of most targets */
		return;
	mutex_end_worker(model, worker);
	sysv_end_worker(model, worker);
	futex_end_worker(model, worker);
	fd_end_worker(model, worker);
}
