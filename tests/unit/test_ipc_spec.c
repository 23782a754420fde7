#include "harness/ipc/spec.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "harness/base/clock.h"

static int parse(struct ipc_spec *spec, const struct ipc_text *text,
                 struct complaint *complaint)
{
	return ipc_spec_parse(spec, text, complaint);
}

static void expect_refused(const struct ipc_text *text, const char *what)
{
	struct complaint complaint = { 0 };
	struct ipc_spec spec;

	cr_expect_lt(parse(&spec, text, &complaint), 0, "%s", what);
	cr_expect_str_eq(complaint.what, what, "%s", complaint.what);
}

Test(ipc_spec, takes_every_channel_unless_told_otherwise)
{
	const struct ipc_text text = { 0 };
	struct complaint complaint = { 0 };
	struct ipc_spec spec;

	cr_assert_eq(parse(&spec, &text, &complaint), 0, "%s", complaint.why);
	for (size_t i = 0; ipc_channels[i]; i++)
		cr_expect_eq(spec.channels[i], ipc_channels[i], "%zu", i);
	cr_expect_null(ipc_channels[spec.channels_count], "not all");
	cr_expect(spec.bytes[0] == 1 &&
	                  spec.bytes[spec.bytes_count - 1] == 1048576,
	          "from a byte to a megabyte");
	cr_expect(spec.time_ns == 50 * NS_PER_MS && spec.trials == 7);
}

Test(ipc_spec, takes_each_channel_and_size_once)
{
	static const char *const names[] = { "shm_spin", "pipe", "shm_spin" };
	const struct ipc_text text = { .channels = names,
		                       .channels_count = 3,
		                       .sizes = "64,1,64,9",
		                       .time_ms = "3",
		                       .trials = "2",
		                       .pin = "same",
		                       .seed = "12" };
	struct complaint complaint = { 0 };
	struct ipc_spec spec;

	cr_assert_eq(parse(&spec, &text, &complaint), 0, "%s", complaint.why);
	cr_assert_eq(spec.channels_count, 2);
	cr_expect_str_eq(spec.channels[0]->name, "shm_spin");
	cr_assert_eq(spec.bytes_count, 3);
	cr_expect(spec.bytes[0] == 1 && spec.bytes[1] == 9 &&
	          spec.bytes[2] == 64);
	cr_expect_eq(spec.time_ns, 3 * NS_PER_MS);
	cr_expect_eq(spec.seed, 12);
	cr_expect_eq(spec.cpu[0], spec.cpu[1], "not on the same CPU");
}

Test(ipc_spec, says_what_is_wrong)
{
	static const char *const names[] = { "pipe", "pipes" };

	expect_refused(
	        &(struct ipc_text){ .channels = names, .channels_count = 2 },
	        "pipes");
	expect_refused(&(struct ipc_text){ .sizes = "0" }, "0");
	expect_refused(&(struct ipc_text){ .sizes = "16777217" }, "16777217");
	expect_refused(&(struct ipc_text){ .sizes = "1-1000" }, "1-1000");
	expect_refused(&(struct ipc_text){ .time_ms = "1.5" }, "1.5");
	expect_refused(&(struct ipc_text){ .trials = "none" }, "none");
	expect_refused(&(struct ipc_text){ .pin = "none" }, "none");
	expect_refused(&(struct ipc_text){ .seed = "-1" }, "-1");
}

enum { TRIALS = 5, CELLS = 2 * 3 * 2 };

static void spec_of(struct ipc_spec *spec)
{
	static const char *const names[] = { "fifo", "pipe" };
	const struct ipc_text text = { .channels = names,
		                       .channels_count = 2,
		                       .sizes = "1,2,3",
		                       .trials = "5",
		                       .seed = "7" };
	struct complaint complaint = { 0 };

	cr_assert_eq(parse(spec, &text, &complaint), 0, "%s", complaint.why);
}

static bool same(const struct ipc_order *a, const struct ipc_order *b)
{
	return a->channel == b->channel && a->bytes == b->bytes &&
	       a->mode == b->mode;
}

Test(ipc_spec, plans_each_measurement_once_in_each_block)
{
	static struct ipc_plan_item items[TRIALS * CELLS];
	static struct ipc_plan plan;
	struct ipc_spec spec;
	struct ipc_plan_item more;
	bool shuffled = false;

	spec_of(&spec);
	ipc_plan_begin(&plan, &spec);
	cr_assert_eq(ipc_plan_size(&plan), (size_t)TRIALS * CELLS);
	for (unsigned i = 0; i < TRIALS * CELLS; i++) {
		cr_assert(ipc_plan_next(&plan, &items[i]), "item %u", i);
		cr_expect_eq(items[i].number, i + 1);
		cr_expect_eq(items[i].block, i / CELLS + 1);
		cr_expect_eq(items[i].first_of_block, i % CELLS == 0);
		shuffled |= !same(&items[i].order, &items[i % CELLS].order);
		/* CELLS different ones of CELLS: each once. */
		for (unsigned j = i / CELLS * CELLS; j < i; j++)
			cr_expect_not(same(&items[i].order, &items[j].order),
			              "items %u and %u", j, i);
	}
	cr_expect_not(ipc_plan_next(&plan, &more), "it goes on after its end");
	cr_expect(shuffled, "every block in the same order");
}
