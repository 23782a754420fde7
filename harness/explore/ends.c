/* How executions end, for search.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/explore/search.h"

enum { HANGS_MAX = 3 };

bool search_is_over(struct search *search)
{
	if (search->verdict->cut || search->verdict->steps % 512)
		return search->verdict->cut;
	if (clock_now_ns() > search->deadline_ns)
		search->verdict->cut = true;
	return search->verdict->cut;
}

/* --- what an end looks like */

static size_t offset_of(const struct machine *machine, const void *pc)
{
	size_t offset =
	        (size_t)((const unsigned char *)pc - machine->target->text);

	return offset < machine->target->text_bytes ? offset : 0;
}

static char letter(unsigned worker)
{
	return (char)('A' + worker);
}

static enum verdict_kind kind_of_stop(const struct stop *stop)
{
	switch (stop->kind) {
	case STOP_CRASH:
		return VERDICT_CRASH;
	case STOP_HANG:
		return VERDICT_LIVELOCK;
	case STOP_PARENT_WAITS:
		return VERDICT_DEADLOCK;
	case STOP_REFUSED:
		return VERDICT_UNFINISHED;
	case STOP_NOT:
	case STOP_ASSERT:
	case STOP_FAILED:
		break;
	}
	return VERDICT_VIOLATES;
}

static void describe_stop(const struct machine *machine,
                          struct outcome *outcome)
{
	const struct stop *stop = machine->stop;

	outcome->kind = kind_of_stop(stop);
	outcome->pc = offset_of(machine, stop->pc);
	if (stop->kind == STOP_REFUSED)
		(void)snprintf(outcome->message, sizeof(outcome->message), "%s",
		               stop->text);
	else if (stop->worker == MODEL_PARENT)
		(void)snprintf(outcome->message, sizeof(outcome->message),
		               "the parent: %s", stop->text);
	else
		(void)snprintf(outcome->message, sizeof(outcome->message),
		               "worker %c: %s", letter(stop->worker),
		               stop->text);
}

static void describe_total(struct machine *machine, struct outcome *outcome)
{
	uint64_t expected = machine->spec.workers * machine->spec.increments;

	outcome->total = machine_total(machine);
	if (machine_stopped(machine)) {
		describe_stop(machine, outcome);
		return;
	}
	if (outcome->total == expected)
		return;
	outcome->kind = outcome->total < expected ? VERDICT_LOST_UPDATE
	                                          : VERDICT_VIOLATES;
}

static void describe_check(struct machine *machine, struct outcome *outcome)
{
	machine_check(machine, outcome->message, sizeof(outcome->message));
	if (machine_stopped(machine))
		describe_stop(machine, outcome);
	else if (outcome->message[0])
		outcome->kind = VERDICT_VIOLATES;
}

/* --- who waits for whom */

static uint32_t holders_of(struct machine *machine, unsigned index)
{
	const struct worker *worker = &machine->workers[index];
	const struct op *op = &worker->now.op;

	if (worker->now.state != WORKER_READY || op->kind != OP_CALL ||
	    !op->call->holders)
		return 0;
	return op->call->holders(machine->model, index, op);
}

static const char *hopeless(struct machine *machine, unsigned index)
{
	const struct op *op = &machine->workers[index].now.op;

	return op->call->hopeless
	               ? op->call->hopeless(machine->model, index, op)
	               : NULL;
}

static size_t describe_wait(struct machine *machine, unsigned index, char *text,
                            size_t size)
{
	const struct op *op = &machine->workers[index].now.op;
	uint32_t holders = holders_of(machine, index);
	const char *why = NULL;
	int length;

	if (op->kind != OP_CALL)
		return (size_t)snprintf(text, size, "%c spins", letter(index));
	why = hopeless(machine, index);
	if (why)
		length = snprintf(text, size, "%c waits in %s: %s",
		                  letter(index), op->call->name, why);
	else if (holders)
		length = snprintf(text, size, "%c waits in %s for %c",
		                  letter(index), op->call->name,
		                  letter((unsigned)__builtin_ctz(holders)));
	else
		length = snprintf(text, size, "%c waits in %s", letter(index),
		                  op->call->name);
	return (size_t)length;
}

static void describe_stuck(struct machine *machine, bool spinning,
                           struct outcome *outcome)
{
	size_t at = 0;

	outcome->kind = spinning ? VERDICT_LIVELOCK : VERDICT_DEADLOCK;
	for (unsigned i = 0; i < machine->spec.workers; i++) {
		if (machine->workers[i].now.state != WORKER_READY)
			continue;
		if (at >= sizeof(outcome->message) - 2)
			break;
		if (at) {
			memcpy(outcome->message + at, "; ", sizeof("; "));
			at += 2;
		}
		at += describe_wait(machine, i, outcome->message + at,
		                    sizeof(outcome->message) - at);
		if (!outcome->pc)
			outcome->pc = offset_of(machine,
			                        machine->workers[i].now.op.pc);
	}
}

/* --- the table of outcomes */

/* Whether A, which has perhaps no words yet, is like B, which is in the table. */
static bool same(const struct outcome *a, const struct outcome *b)
{
	if (a->kind != b->kind || a->total != b->total || a->pc != b->pc)
		return false;
	return a->message[0] == '\0' || strcmp(a->message, b->message) == 0;
}

/* A wrong total needs words only once, not in each execution. */
void search_word(const struct machine *machine, struct outcome *outcome)
{
	uint64_t expected = machine->spec.workers * machine->spec.increments;

	if (outcome->kind == VERDICT_EXACT || outcome->message[0])
		return;
	(void)snprintf(outcome->message, sizeof(outcome->message),
	               "the total is %llu, not %llu",
	               (unsigned long long)outcome->total,
	               (unsigned long long)expected);
}

static uint16_t number_of(struct search *search, const struct outcome *outcome)
{
	struct verdict *verdict = search->verdict;
	size_t i = 0;

	while (i < verdict->outcomes && !same(outcome, &verdict->outcome[i]))
		i++;
	if (i == EXPLORE_OUTCOMES) {
		verdict->outcomes_left_out++;
		i = EXPLORE_OUTCOMES - 1;
	} else if (i == verdict->outcomes) {
		verdict->outcome[verdict->outcomes++] = *outcome;
		search_word(search->machine, &verdict->outcome[i]);
	}
	verdict->outcome[i].seen++;
	return (uint16_t)i;
}

struct outcome search_outcome(struct machine *machine, bool stuck,
                              bool spinning)
{
	struct outcome outcome = { .kind = VERDICT_EXACT,
		                   .p_interleavings = NAN,
		                   .p_scheduler = NAN };

	if (machine_stopped(machine))
		describe_stop(machine, &outcome);
	else if (stuck)
		describe_stuck(machine, spinning, &outcome);
	else if (machine->target->strategy)
		describe_total(machine, &outcome);
	else
		describe_check(machine, &outcome);
	return outcome;
}

uint16_t search_end(struct search *search, bool stuck, bool spinning)
{
	struct outcome outcome =
	        search_outcome(search->machine, stuck, spinning);

	/* Each costs a second, and there may be thousands. */
	if (machine_stopped(search->machine) &&
	    search->machine->stop->kind == STOP_HANG &&
	    ++search->hangs >= HANGS_MAX) {
		search->verdict->cut = true;
		(void)snprintf(search->verdict->coverage,
		               sizeof(search->verdict->coverage),
		               "given up after %u executions that ran on "
		               "without a step",
		               search->hangs);
	}
	return number_of(search, &outcome);
}

/* --- data races */

static bool accesses_memory(const struct worker *worker)
{
	return worker->now.state == WORKER_READY &&
	       worker->now.op.kind >= OP_LOAD && worker->now.op.kind <= OP_RMW;
}

static bool conflict(const struct op *a, const struct op *b)
{
	const unsigned char *at = a->address, *bt = b->address;

	return at < bt + b->size && bt < at + a->size &&
	       (a->kind != OP_LOAD || b->kind != OP_LOAD) &&
	       !(a->atomic && b->atomic);
}

static void note_race(struct search *search, const struct op *a,
                      const struct op *b)
{
	const struct machine *machine = search->machine;
	struct verdict *verdict = search->verdict;
	size_t one = offset_of(machine, a->pc),
	       other = offset_of(machine, b->pc);
	struct race race = { .pc = { one < other ? one : other,
		                     one < other ? other : one } };

	race.offset =
	        (size_t)((unsigned char *)a->address - machine->adaptor.base);
	for (size_t i = 0; i < verdict->races; i++) {
		if (verdict->race[i].pc[0] == race.pc[0] &&
		    verdict->race[i].pc[1] == race.pc[1])
			return;
	}
	if (verdict->races < EXPLORE_RACES)
		verdict->race[verdict->races++] = race;
}

void search_races(struct search *search)
{
	const struct machine *machine = search->machine;
	const struct worker *workers = machine->workers;

	for (unsigned i = 0; i < machine->spec.workers; i++) {
		if (!accesses_memory(&workers[i]))
			continue;
		for (unsigned j = i + 1; j < machine->spec.workers; j++) {
			if (accesses_memory(&workers[j]) &&
			    conflict(&workers[i].now.op, &workers[j].now.op))
				note_race(search, &workers[i].now.op,
				          &workers[j].now.op);
		}
	}
}

void search_set_witness(struct verdict *verdict, uint16_t number,
                        const struct move *moves, size_t count,
                        unsigned preemptions)
{
	struct outcome *outcome = &verdict->outcome[number];
	struct outcome with = { .first = verdict->moves,
		                .moves = count,
		                .preemptions = preemptions };

	if (count > EXPLORE_MOVES - verdict->moves ||
	    (outcome->moves && !verdict_simpler(&with, outcome)))
		return;
	memcpy(verdict->move + verdict->moves, moves, count * sizeof(*moves));
	verdict->moves += count;
	outcome->first = with.first;
	outcome->moves = count;
	outcome->preemptions = preemptions;
}
