#include "harness/explore/start.h"

bool start_save(struct start *start, struct machine *machine,
                struct pile_budget *budget)
{
	*start = (struct start){ .machine = machine, .budget = budget };
	for (unsigned i = 0; i < machine->spec.workers; i++) {
		size_t bytes = machine_saved_bytes(machine, i);

		if (!pile_reserve(&start->bytes, budget, bytes))
			return false;
		machine_save(machine, i, pile_push(&start->bytes, bytes));
	}
	return true;
}

void start_restore(const struct start *start)
{
	size_t at = 0;

	for (unsigned i = 0; i < start->machine->spec.workers; i++) {
		machine_restore(start->machine, i, start->bytes.bytes + at);
		at += machine_saved_bytes(start->machine, i);
	}
}

void start_free(struct start *start)
{
	pile_free(&start->bytes, start->budget);
}
