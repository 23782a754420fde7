/*
 * The stack of aba.c with a tag beside the top that counts its changes: what has
 * changed twice is not what it was (Treiber 1986, IBM RJ 5118).
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdatomic.h>

enum { NODES = 2, TAG = 16 };

/* Nodes are numbered from 1; 0 is none. Node 1 lies on node 2. */
struct aba_tagged {
	atomic_uint top; /* and the tag, times TAG */
	atomic_uint below[NODES + 1], kept[NODES];
};

static int aba_tagged_init(void *shared, unsigned workers)
{
	struct aba_tagged *this = shared;

	(void)workers;
	this->top = 1;
	this->below[1] = 2;
	return 0;
}

static unsigned aba_tagged_pop(struct aba_tagged *this)
{
	unsigned top = atomic_load(&this->top), node, next;

	do {
		node = top % TAG;
		if (!node)
			return 0;
		next = top - node + TAG + atomic_load(&this->below[node]);
	} while (!atomic_compare_exchange_strong(&this->top, &top, next));
	return node;
}

static void aba_tagged_push(struct aba_tagged *this, unsigned node)
{
	unsigned top = atomic_load(&this->top), next;

	do {
		atomic_store(&this->below[node], top % TAG);
		next = top - top % TAG + TAG + node;
	} while (!atomic_compare_exchange_strong(&this->top, &top, next));
}

static void aba_tagged_worker(struct sync_ctx *ctx)
{
	struct aba_tagged *this = ctx->shared;
	unsigned node = aba_tagged_pop(this);

	if (ctx->self == 1 && node) {
		unsigned other = aba_tagged_pop(this);

		aba_tagged_push(this, node);
		node = other;
	}
	atomic_store(&this->kept[ctx->self], node);
}

static const char *aba_tagged_check(const void *shared, unsigned workers)
{
	const struct aba_tagged *this = shared;
	unsigned places[NODES + 1] = { 0 };

	(void)workers;
	places[this->kept[0]]++;
	places[this->kept[1]]++;
	for (unsigned i = 0, node = this->top % TAG; node && i < NODES; i++) {
		places[node]++;
		node = this->below[node];
	}
	if (places[1] > 1 || places[2] > 1)
		return "a node is in two places";
	return places[1] && places[2] ? NULL : "a node is lost";
}

PROGRAM(aba_tagged) = {
	.summary = "a stack without locks, with a tag",
	.workers = 2,
	.shared_size = sizeof(struct aba_tagged),
	.init = aba_tagged_init,
	.worker = aba_tagged_worker,
	.check = aba_tagged_check,
};
