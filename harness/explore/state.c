/* What a state is, for machine.h: its hash, and away and back. */
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "harness/explore/machine.h"

static void hash_bytes(const void *bytes, size_t count, uint64_t hash[2])
{
	XXH128_hash_t value = XXH3_128bits(bytes, count);

	hash[0] = value.low64;
	hash[1] = value.high64;
}

static size_t live_bytes(const struct worker *worker)
{
	const unsigned char *end = worker->fiber.stack + worker->fiber.bytes;

	if (worker->now.state != WORKER_READY)
		return 0;
	return (size_t)(end - (const unsigned char *)worker->now.top);
}

static size_t private_bytes(const struct machine *machine,
                            const struct worker *worker)
{
	return machine->data_bytes + worker->now.heap_used;
}

/* The buffered stores, each as a few numbers, after the words so far. */
static size_t add_buffer(const struct worker_now *now, uint64_t *words,
                         size_t at)
{
	for (uint32_t i = 0; i < now->stores; i++) {
		const struct buffered *entry = &now->buffer[i];

		words[at++] = (uintptr_t)entry->address;
		words[at++] = (uintptr_t)entry->call;
		words[at++] = entry->call ? entry->args[0] : entry->size;
		words[at] = words[at + 1] = 0;
		memcpy(&words[at], entry->bytes, entry->size);
		at += 2;
	}
	return at;
}

static size_t add_call(const struct op *op, uint64_t *words, size_t at)
{
	words[at++] = (uintptr_t)op->call;
	memcpy(&words[at], op->args, sizeof(op->args));
	at += OP_ARGS;
	memcpy(&words[at], op->data, sizeof(op->data));
	return at + OP_DATA / sizeof(*words);
}

enum {
	OUTSIDE_WORDS = 2 + 1 + OP_ARGS + OP_DATA / 8 + 5 * BUFFER_MAX,
	PRIVATE_WORDS = 4,
};

/* What is to be seen of a worker: what it is about to do, and its stores. */
static size_t put_outside(const struct worker_now *now, uint64_t *words)
{
	size_t count = 2;

	words[0] = (uintptr_t)now->op.address;
	words[1] = now->state | (uint64_t)now->op.kind << 8 |
	           (uint64_t)now->op.size << 16 |
	           (uint64_t)(uint32_t)now->err << 32;
	if (now->op.kind == OP_CALL)
		count = add_call(&now->op, words, count);
	return add_buffer(now, words, count);
}

static void hash_worker(const struct machine *machine,
                        const struct worker *worker, uint64_t hash[2])
{
	uint64_t words[PRIVATE_WORDS + OUTSIDE_WORDS];
	size_t count;

	hash_bytes(worker->now.top, live_bytes(worker), words);
	words[2] = words[3] = 0;
	if (private_bytes(machine, worker))
		hash_bytes(worker->private, private_bytes(machine, worker),
		           words + 2);
	count = PRIVATE_WORDS +
	        put_outside(&worker->now, words + PRIVATE_WORDS);
	hash_bytes(words, count * sizeof(*words), hash);
}

uint64_t machine_hash_outside(const struct machine *machine)
{
	uint64_t words[OUTSIDE_WORDS], parts[4 + 2 * MODEL_WORKERS];
	size_t count = 4;

	hash_bytes(machine->adaptor.base, machine->shared_bytes, parts);
	machine_hash_model(machine, parts + 2);
	for (unsigned i = 0; i < machine->spec.workers; i++) {
		size_t some = put_outside(&machine->workers[i].now, words);

		hash_bytes(words, some * sizeof(*words), parts + count);
		count += 2;
	}
	return XXH3_64bits(parts, count * sizeof(*parts));
}

const uint64_t *machine_hash_worker(struct machine *machine, unsigned index)
{
	struct worker *worker = &machine->workers[index];

	if (worker->stale)
		hash_worker(machine, worker, worker->hash);
	worker->stale = false;
	return worker->hash;
}

void machine_hash_model(const struct machine *machine, uint64_t hash[2])
{
	const struct model *model = machine->model;

	hash_bytes(model->bytes, model->used, hash);
	hash[1] += model->spurious | (uint64_t)model->dead << 32;
}

void machine_hash(struct machine *machine, uint64_t hash[2])
{
	uint64_t words[4 + 2 * MODEL_WORKERS];
	size_t count = 4;

	hash_bytes(machine->adaptor.base, machine->shared_bytes, words);
	machine_hash_model(machine, words + 2);
	for (unsigned i = 0; i < machine->spec.workers; i++) {
		const uint64_t *part = machine_hash_worker(machine, i);

		words[count++] = part[0];
		words[count++] = part[1];
	}
	hash_bytes(words, count * sizeof(*words), hash);
}

/* --- away and back */

static size_t now_bytes(const struct worker_now *now)
{
	return offsetof(struct worker_now, buffer) +
	       now->stores * sizeof(now->buffer[0]);
}

static size_t model_bytes(const struct model *model)
{
	return offsetof(struct model, bytes) + model->used;
}

size_t machine_saved_bytes(const struct machine *machine, unsigned index)
{
	const struct worker *worker = &machine->workers[index];

	return now_bytes(&worker->now) + live_bytes(worker) +
	       private_bytes(machine, worker) + machine->shared_bytes +
	       model_bytes(machine->model);
}

static unsigned char *put(unsigned char *tape, const void *from, size_t bytes)
{
	memcpy(tape, from, bytes);
	return tape + bytes;
}

static const unsigned char *take(const unsigned char *tape, void *to,
                                 size_t bytes)
{
	memcpy(to, tape, bytes);
	return tape + bytes;
}

void machine_save(const struct machine *machine, unsigned index,
                  unsigned char *tape)
{
	const struct worker *worker = &machine->workers[index];

	tape = put(tape, &worker->now, now_bytes(&worker->now));
	tape = put(tape, worker->now.top, live_bytes(worker));
	tape = put(tape, worker->private, private_bytes(machine, worker));
	tape = put(tape, machine->adaptor.base, machine->shared_bytes);
	(void)put(tape, machine->model, model_bytes(machine->model));
}

/* First what tells how much there is of the rest. */
void machine_restore(struct machine *machine, unsigned index,
                     const unsigned char *tape)
{
	struct worker *worker = &machine->workers[index];
	struct worker_now *now = &worker->now;

	machine->stop->kind = STOP_NOT;
	worker->stale = true;
	tape = take(tape, now, offsetof(struct worker_now, buffer));
	tape = take(tape, now->buffer, now->stores * sizeof(now->buffer[0]));
	tape = take(tape, now->top, live_bytes(worker));
	tape = take(tape, worker->private, private_bytes(machine, worker));
	tape = take(tape, machine->adaptor.base, machine->shared_bytes);
	tape = take(tape, machine->model, offsetof(struct model, bytes));
	(void)take(tape, machine->model->bytes, machine->model->used);
}
