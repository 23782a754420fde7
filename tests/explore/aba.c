/*
 * ABA in a stack without locks (Treiber 1986, IBM RJ 5118): A reads the top, a,
 * and what is below it, b; meanwhile B pops both and pushes a again. A's
 * compare-and-swap finds a on top, as before, and puts b there, which is B's.
 *
 * sc: violates: a node is in two places
 * tso: violates: a node is in two places
 */
#include <racelab.h>
#include <stdatomic.h>

enum { NODES = 2 };

/* Nodes are numbered from 1; 0 is none. Node 1 lies on node 2. */
struct aba {
	atomic_uint top, below[NODES + 1], kept[NODES];
};

static int aba_init(void *shared, unsigned workers)
{
	struct aba *this = shared;

	(void)workers;
	this->top = 1;
	this->below[1] = 2;
	return 0;
}

static unsigned aba_pop(struct aba *this)
{
	unsigned top = atomic_load(&this->top);

	while (top && !atomic_compare_exchange_strong(
	                      &this->top, &top, atomic_load(&this->below[top])))
		continue;
	return top;
}

static void aba_push(struct aba *this, unsigned node)
{
	unsigned top = atomic_load(&this->top);

	do
		atomic_store(&this->below[node], top);
	while (!atomic_compare_exchange_strong(&this->top, &top, node));
}

static void aba_worker(struct sync_ctx *ctx)
{
	struct aba *this = ctx->shared;
	unsigned node = aba_pop(this);

	if (ctx->self == 1 && node) {
		unsigned other = aba_pop(this);

		aba_push(this, node);
		node = other;
	}
	atomic_store(&this->kept[ctx->self], node);
}

static const char *aba_check(const void *shared, unsigned workers)
{
	const struct aba *this = shared;
	unsigned places[NODES + 1] = { 0 };

	(void)workers;
	places[this->kept[0]]++;
	places[this->kept[1]]++;
	for (unsigned i = 0, node = this->top; node && i < NODES; i++) {
		places[node]++;
		node = this->below[node];
	}
	if (places[1] > 1 || places[2] > 1)
		return "a node is in two places";
	return places[1] && places[2] ? NULL : "a node is lost";
}

PROGRAM(aba) = {
	.summary = "a stack without locks, and the ABA problem",
	.workers = 2,
	.shared_size = sizeof(struct aba),
	.init = aba_init,
	.worker = aba_worker,
	.check = aba_check,
};
