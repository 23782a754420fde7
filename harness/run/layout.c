#include "harness/run/layout.h"

#include "harness/base/janitor.h"
#include "harness/run/gate.h"
#include "harness/run/slot.h"

static size_t apart(size_t bytes)
{
	return (bytes + LAYOUT_APART - 1) / LAYOUT_APART * LAYOUT_APART;
}

struct layout layout_of(const struct sync_ops *ops, unsigned workers,
                        bool notes)
{
	struct layout layout = {
		.slot_stride = apart(sizeof(struct slot)),
		.mine_stride = apart(ops->mine_size),
		.notes_stride = notes ? apart(sizeof(struct sync_notes)) : 0
	};

	layout.gate = layout.note + apart(sizeof(struct janitor_note));
	layout.counter = layout.gate + apart(sizeof(struct gate));
	layout.shared = layout.counter + apart(sizeof(struct layout_counter));
	layout.common = layout.shared + apart(ops->shared_size);
	layout.slots = layout.common;
	layout.mine = layout.slots + workers * layout.slot_stride;
	layout.notes = layout.mine + workers * layout.mine_stride;
	layout.bytes = layout.notes + workers * layout.notes_stride;
	return layout;
}
