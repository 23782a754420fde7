#include "harness/run/layout.h"

#include <criterion/criterion.h>

#include "harness/base/janitor.h"
#include "harness/run/gate.h"
#include "harness/run/slot.h"

struct part {
	const char *name;
	size_t start, bytes;
};

/* Sizes of shared and mine, and workers, to be laid out. */
static const struct {
	size_t shared, mine;
	unsigned workers;
} cases[] = {
	{ 0, 0, 1 },       { 0, 0, 2 },      { 1, 0, 3 },
	{ 128, 0, 4 },     { 129, 1, 2 },    { 40, 127, 7 },
	{ 4096, 128, 64 }, { 8, 129, 4096 }, { 100000, 8, 1 },
};

enum { CASES = sizeof(cases) / sizeof(cases[0]) };

static struct layout layout_of_case(size_t i)
{
	struct sync_ops ops = { .shared_size = cases[i].shared,
		                .mine_size = cases[i].mine };

	return layout_of(&ops, cases[i].workers, false);
}

/* The parts that are there once, in the order they stand in. */
static size_t parts_of(const struct layout *layout, size_t i,
                       struct part part[4])
{
	part[0] = (struct part){ "note", layout->note,
		                 sizeof(struct janitor_note) };
	part[1] = (struct part){ "gate", layout->gate, sizeof(struct gate) };
	part[2] = (struct part){ "counter", layout->counter, sizeof(uint64_t) };
	part[3] = (struct part){ "shared", layout->shared, cases[i].shared };
	return 4;
}

Test(layout, keeps_what_all_write_to_apart_and_before_common)
{
	cr_expect_geq(LAYOUT_APART, 128, "less than two cache lines");
	for (size_t i = 0; i < CASES; i++) {
		struct layout layout = layout_of_case(i);
		struct part part[4];
		size_t count = parts_of(&layout, i, part), end = 0;

		for (size_t j = 0; j < count; j++) {
			cr_expect_eq(part[j].start % LAYOUT_APART, 0,
			             "case %zu: %s at %zu", i, part[j].name,
			             part[j].start);
			cr_expect_geq(part[j].start, end,
			              "case %zu: %s begins too early", i,
			              part[j].name);
			end = part[j].start + part[j].bytes;
		}
		cr_expect_geq(layout.common, end, "case %zu: common", i);
	}
}

Test(layout, has_room_for_each_worker_on_lines_of_its_own)
{
	for (size_t i = 0; i < CASES; i++) {
		struct layout layout = layout_of_case(i);
		size_t slots_end =
		        layout.slots + cases[i].workers * layout.slot_stride;

		cr_expect_eq(layout.slots % LAYOUT_APART, 0, "case %zu", i);
		cr_expect_eq(layout.slot_stride % LAYOUT_APART, 0, "case %zu",
		             i);
		cr_expect_geq(layout.slot_stride, sizeof(struct slot),
		              "case %zu: a slot is larger", i);
		cr_expect_geq(layout.slots, layout.common, "case %zu", i);
		cr_expect_eq(layout.mine % LAYOUT_APART, 0, "case %zu", i);
		cr_expect_eq(layout.mine_stride % LAYOUT_APART, 0, "case %zu",
		             i);
		cr_expect_geq(layout.mine_stride, cases[i].mine,
		              "case %zu: mine is larger", i);
		cr_expect_geq(layout.mine, slots_end, "case %zu: overlap", i);
		cr_expect_geq(layout.bytes,
		              layout.mine +
		                      cases[i].workers * layout.mine_stride,
		              "case %zu: too small", i);
	}
}

Test(layout, wastes_at_most_one_gap_for_each_part)
{
	for (size_t i = 0; i < CASES; i++) {
		struct layout layout = layout_of_case(i);
		size_t workers = cases[i].workers;
		size_t needed = sizeof(struct janitor_note) +
		                sizeof(struct gate) + sizeof(uint64_t) +
		                cases[i].shared +
		                workers * (sizeof(struct slot) + cases[i].mine);

		cr_expect_lt(
		        layout.bytes, needed + (4 + 2 * workers) * LAYOUT_APART,
		        "case %zu: %zu bytes for %zu", i, layout.bytes, needed);
	}
}
