#include "harness/explore/follow.h"

#include <stdio.h>
#include <string.h>

bool follow_can(struct machine *machine, struct move move)
{
	struct move moves[MACHINE_MOVES];
	unsigned count = machine_moves(machine, moves);

	for (unsigned i = 0; i < count; i++) {
		if (moves[i].worker == move.worker && moves[i].way == move.way)
			return true;
	}
	return false;
}

static size_t offset_of(const struct machine *machine, const void *address)
{
	return (size_t)((const unsigned char *)address - machine->adaptor.base);
}

/* The cell that the worker's next operation is about, as it is in memory. */
static void look_before(const struct machine *machine, const struct op *op,
                        struct replay_step *step)
{
	struct cell *cell = &step->cell;

	cell->offset = offset_of(machine, op->address);
	cell->size = op->size < sizeof(cell->bytes)
	                     ? op->size
	                     : (uint32_t)sizeof(cell->bytes);
	memcpy(step->before, op->address, cell->size);
}

static void look_at_buffer(const struct machine *machine,
                           const struct worker_now *now,
                           struct replay_step *step)
{
	step->stores = now->stores;
	for (uint32_t i = 0; i < now->stores; i++) {
		const struct buffered *entry = &now->buffer[i];

		step->buffer[i].offset = offset_of(machine, entry->address);
		step->buffer[i].size = entry->size;
		memcpy(step->buffer[i].bytes, entry->bytes, entry->size);
	}
}

/* What a load from the store buffer saw: the youngest entry that covers it. */
static bool look_into_buffer(const struct worker_now *now, const struct op *op,
                             struct cell *cell)
{
	const unsigned char *at = op->address;

	for (uint32_t i = now->stores; i-- > 0;) {
		const struct buffered *entry = &now->buffer[i];

		if (entry->call || at < entry->address ||
		    at + op->size > entry->address + entry->size)
			continue;
		memcpy(cell->bytes, entry->bytes + (at - entry->address),
		       cell->size);
		return true;
	}
	return false;
}

static void flush(struct machine *machine, struct move move,
                  struct replay_step *step)
{
	const struct worker_now *now = &machine->workers[move.worker].now;
	struct buffered oldest = now->buffer[0];

	step->kind = OP_STORE;
	step->touches = !oldest.call;
	if (oldest.call) {
		(void)snprintf(step->call, sizeof(step->call), "%s",
		               oldest.call->name);
	} else {
		step->cell.offset = offset_of(machine, oldest.address);
		step->cell.size = oldest.size;
		memcpy(step->before, oldest.address, oldest.size);
		memcpy(step->cell.bytes, oldest.bytes, oldest.size);
	}
	machine_step(machine, move);
}

/* A load or store of the worker, as tso.h lets it see memory. */
static void access_cell(struct machine *machine, struct move move,
                        const struct op *op, struct replay_step *step)
{
	const struct worker_now *now = &machine->workers[move.worker].now;
	uint32_t stores = now->stores;

	step->touches = true;
	look_before(machine, op, step);
	memcpy(step->cell.bytes, step->before, step->cell.size);
	if (op->kind == OP_LOAD)
		step->buffered = look_into_buffer(now, op, &step->cell);
	machine_step(machine, move);
	if (op->kind == OP_LOAD)
		return;
	step->buffered = now->stores > stores;
	memcpy(step->cell.bytes,
	       step->buffered ? now->buffer[stores].bytes : op->address,
	       step->cell.size);
}

static size_t pc_of(const struct machine *machine, const void *pc)
{
	size_t offset =
	        (size_t)((const unsigned char *)pc - machine->target->text);

	return offset < machine->target->text_bytes ? offset : 0;
}

void follow_move(struct machine *machine, struct move move,
                 struct replay_step *step)
{
	const struct worker *worker = &machine->workers[move.worker];
	struct op op = worker->now.op;

	*step = (struct replay_step){ .move = move,
		                      .kind = op.kind,
		                      .atomic = op.atomic };
	if (move.way == WAY_FLUSH) {
		flush(machine, move, step);
	} else if (op.kind >= OP_LOAD && op.kind <= OP_RMW) {
		step->pc = pc_of(machine, op.pc);
		access_cell(machine, move, &op, step);
	} else {
		step->pc = pc_of(machine, op.pc);
		if (op.kind == OP_CALL)
			(void)snprintf(step->call, sizeof(step->call), "%s",
			               op.call->name);
		machine_step(machine, move);
		step->result = op.kind == OP_CALL ? worker->now.op.result : 0;
	}
	look_at_buffer(machine, &worker->now, step);
	step->ended =
	        move.way != WAY_FLUSH && worker->now.state != WORKER_READY;
}

/* FNV-1a, 32 bits (Fowler, Noll, Vo; draft-eastlake-fnv). */
static uint32_t mix(uint32_t digest, const void *bytes, size_t count)
{
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < count; i++)
		/* NOLINTNEXTLINE(clang-analyzer-core.*): CALL ends with a zero */
		digest = (digest ^ byte[i]) * UINT32_C(16777619);
	return digest;
}

uint32_t follow_digest(uint32_t digest, const struct replay_step *step)
{
	uint32_t words[] = { step->move.worker, step->move.way, step->kind,
		             step->cell.size, (uint32_t)step->cell.offset };

	digest = mix(digest ? digest : UINT32_C(2166136261), words,
	             sizeof(words));
	return mix(digest, step->call, strlen(step->call));
}

static bool same_move(struct move a, struct move b)
{
	return a.worker == b.worker && a.way == b.way;
}

/* Only these are counted; the others stand for themselves. */
static bool is_counted(struct move move)
{
	return move.way == 0 || move.way == WAY_FLUSH;
}

bool follow_text(struct machine *machine, const struct move *moves,
                 size_t count, char *text, size_t size, uint32_t *digest)
{
	struct replay_step step;
	size_t used = 0;
	bool fits = size > 0;

	text[0] = '\0';
	*digest = 0;
	for (size_t i = 0; i < count && fits;) {
		struct stretch stretch = { .move = moves[i] };

		do {
			follow_move(machine, moves[i], &step);
			*digest = follow_digest(*digest, &step);
			stretch.times++;
			i++;
		} while (i < count && is_counted(stretch.move) &&
		         same_move(moves[i], stretch.move));
		if (step.ended && stretch.move.way == 0)
			stretch.times = SCHEDULE_TO_END;
		fits = schedule_put(text, size, &used, &stretch);
	}
	return fits;
}
