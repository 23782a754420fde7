#include "harness/view/trace.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>

#include "harness/view/step.h"
#include "harness/view/words.h"
#include "tests/fixtures/explored.h"

static struct replay replay;

static void expect_part(const char *text, const char *part)
{
	cr_expect_not_null(strstr(text, part), "\"%s\" is not in\n%s", part,
	                   text);
}

static void expect_no_part(const char *text, const char *part)
{
	cr_expect_null(strstr(text, part), "\"%s\" is in\n%s", part, text);
}

static void expect_80_columns(const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		cr_expect_leq(words_columns(text, length), 80, "%.*s",
		              (int)length, text);
		cr_expect(length == 0 || text[length - 1] != ' ',
		          "a blank ends \"%.*s\"", (int)length, text);
		text += length + (text[length] == '\n');
	}
}

static char *trace_of(const struct verdict_names *names)
{
	char *text = trace_text(&replay, names, false, false);

	cr_assert_not_null(text, "no text");
	expect_80_columns(text);
	return text;
}

static void expect_trace(const struct verdict_names *names, const char *part)
{
	char *text = trace_of(names);

	expect_part(text, part);
	free(text);
}

Test(trace_view, shows_where_the_update_is_lost)
{
	struct verdict_names names = explored_names("none", 2, 1);
	char *text;

	explored_lost_update(&replay);
	text = trace_of(&names);
	cr_expect_str_eq(
	        text,
	        "none: 2 workers x 1 increment, sequential consistency\n"
	        "\n"
	        "step  line      A                   memory                  "
	        "B\n"
	        "   1  none.c:9  load 0 <----------- counter = 0\n"
	        "   2  none.c:9                      counter = 0 ----------> "
	        "load 0\n"
	        "   3  none.c:9                      counter = 1 (was 0) <-- "
	        "store 1 (end)\n"
	        "   4  none.c:9  store 1 (end) ----> counter = 1 (was 1)\n"
	        "      LOST: A loaded counter in step 1, and overwrites what "
	        "step 3 stored\n"
	        "\n"
	        "LOST UPDATE: the total is 1, not 2\n",
	        "%s", text);
	free(text);
}

Test(trace_view, counts_all_updates_that_one_store_loses)
{
	struct verdict_names names = explored_names("none", 2, 3);

	explored_step(&replay, 'A', OP_LOAD, 0, 0, 0);
	for (uint64_t i = 0; i < 3; i++) {
		explored_step(&replay, 'B', OP_LOAD, 0, i, i);
		explored_step(&replay, 'B', OP_STORE, 0, i, i + 1);
	}
	explored_step(&replay, 'A', OP_STORE, 0, 3, 1);
	explored_end(&replay, VERDICT_LOST_UPDATE, 3, "the total is 3, not 6");
	expect_trace(&names, "      LOST: A loaded counter in step 1, and "
	                     "overwrites 3 stores (steps 3 to 7)\n");
}

Test(trace_view, calls_nothing_lost_that_was_meant_to_be_overwritten)
{
	struct verdict_names names = explored_names("peterson", 2, 1);
	char *text;

	/* A flag that was read long before, a failed exchange, another cell. */
	explored_step(&replay, 'A', OP_LOAD, 64, 0, 0);
	explored_step(&replay, 'A', OP_LOAD, 72, 0, 0);
	explored_step(&replay, 'B', OP_STORE, 64, 0, 1);
	explored_step(&replay, 'A', OP_STORE, 64, 1, 2);
	explored_step(&replay, 'A', OP_LOAD, 0, 0, 0);
	explored_step(&replay, 'B', OP_RMW, 0, 0, 0);
	explored_step(&replay, 'B', OP_STORE, 8, 0, 1);
	explored_step(&replay, 'A', OP_STORE, 0, 0, 1);
	explored_end(&replay, VERDICT_EXACT, 2, "");
	text = trace_of(&names);
	expect_no_part(text, "LOST");
	expect_part(text, "\n\nEXACT: the total is 2\n");
	free(text);
}

Test(trace_view, sees_an_update_lost_by_way_of_a_store_buffer)
{
	struct verdict_names names = explored_names("none", 2, 1);
	const struct replay_step *a, *b;

	names.machine.memory = MEMORY_TSO;
	explored_step(&replay, 'A', OP_LOAD, 0, 0, 0);
	explored_step(&replay, 'B', OP_LOAD, 0, 0, 0);
	a = explored_buffer(&replay, 'A', 0, 1, NULL);
	b = explored_buffer(&replay, 'B', 0, 1, NULL);
	explored_flush(&replay, 'B', 0, b);
	explored_flush(&replay, 'A', 1, a);
	explored_end(&replay, VERDICT_LOST_UPDATE, 1, "the total is 1, not 2");
	expect_trace(
	        &names,
	        "\n   3  none.c:9  store 1 [counter=1]\n"
	        "   4  none.c:9                                          "
	        "    store 1 [counter=1]\n"
	        "   5  (flush)                       counter = 1 (was 0) "
	        "<-- [counter=1]\n"
	        "   6  (flush)   [counter=1] ------> counter = 1 (was 1)\n"
	        "      LOST: A loaded counter in step 1, and overwrites what "
	        "step 5 stored\n");
}

Test(trace_view, shows_what_is_in_a_store_buffer)
{
	struct verdict_names names = explored_names("none", 1, 1);
	struct replay_step *step;
	char *text;

	names.machine.memory = MEMORY_TSO;
	step = explored_buffer(&replay, 'A', 0, 1, NULL);
	step = explored_buffer(&replay, 'A', 64, 2, step);
	step->stores = 3; /* and a call that is a store */
	step = explored_call(&replay, 'A', "pthread_spin_unlock", 0);
	memcpy(step->buffer, step[-1].buffer, sizeof(step->buffer));
	step->stores = 3;
	step[-1].stores = 2;
	step[-1].buffer[2].size = step->buffer[2].size = 0;
	step = explored_step(&replay, 'A', OP_LOAD, 0, 0, 1);
	step->buffered = true;
	step->stores = 3;
	explored_end(&replay, VERDICT_EXACT, 1, "");
	text = trace_of(&names);
	expect_part(text, "store 2 [counter=1 shared+0=2]\n");
	expect_part(text, "spin_unlock [counter=1 shared+0=2 spin_unlock]\n");
	expect_part(text, "load 1 [counter=1]\n");
	free(text);
}

Test(trace_view, names_calls_and_what_they_gave)
{
	struct verdict_names names = explored_names("cond", 1, 1);
	char *text;

	explored_call(&replay, 'A', "pthread_mutex_lock", 0);
	explored_call(&replay, 'A', "pthread_mutex_timedlock", -ETIMEDOUT);
	explored_call(&replay, 'A', "read", 5);
	explored_call(&replay, 'A', "pthread_cond_wait", 0)->move.way =
	        WAY_SPURIOUS;
	explored_call(&replay, 'A', "pthread_cond_signal", 0)->move.way = 1;
	explored_step(&replay, 'A', OP_FENCE, 0, 0, 0)->touches = false;
	explored_step(&replay, 'A', OP_RMW, 64, 3, 4)->ended = true;
	explored_end(&replay, VERDICT_EXACT, 1, "");
	text = trace_of(&names);
	expect_part(text, "none.c:12  mutex_lock\n");
	expect_part(text, "mutex_timedlock = ETIMEDOUT\n");
	expect_part(text, "read = 5\n");
	expect_part(text, "cond_wait wakes up for no reason\n");
	expect_part(text, "cond_signal (way 1)\n");
	expect_part(text, "fence\n");
	expect_part(text,
	            "exchange got 3 (end) <-------> shared+0 = 4 (was 3)\n");
	free(text);
}

Test(trace_view, is_one_row_for_steps_that_a_worker_repeats)
{
	struct verdict_names names = explored_names("tas", 2, 1);
	char *text;

	for (int i = 0; i < 5000; i++)
		explored_step(&replay, 'A', OP_LOAD, 64, 1, 1);
	explored_step(&replay, 'B', OP_STORE, 64, 1, 0);
	for (uint64_t i = 0; i < 3; i++)
		explored_step(&replay, 'B', OP_LOAD, 64, 0, 0)->pc = 9 + i;
	explored_end(&replay, VERDICT_EXACT, 2, "");
	text = trace_of(&names);
	expect_part(text, "\n   1  none.c:9   load 1 x5000 <---- shared+0 = 1\n"
	                  "5001  none.c:9 ");
	expect_part(text, "\n5002  none.c:9 ");
	expect_part(text, "\n5003  none.c:10 ");
	free(text);
}

Test(trace_view, keeps_every_step_of_a_long_trace)
{
	struct verdict_names names = explored_names("none", 2, 9);
	char *text;
	size_t lines = 0;

	for (uint64_t i = 0; i < REPLAY_STEPS; i++)
		explored_step(&replay, 'A', OP_STORE, 0, i, i + 1);
	explored_end(&replay, VERDICT_EXACT, 18, "");
	text = trace_of(&names);
	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	cr_expect_geq(lines, REPLAY_STEPS + 5, "%zu lines", lines);
	expect_part(text, "\n65536  none.c:9 ");
	free(text);
}

/* Every kind of step, of every worker. */
static void fill(unsigned workers)
{
	for (char who = 'A'; who < (char)('A' + workers); who++) {
		struct replay_step *step;

		explored_step(&replay, who, OP_LOAD, 0, 0, UINT64_MAX)->atomic =
		        true;
		step = explored_step(&replay, who, OP_RMW, 1000, 0, 1);
		memset(step->cell.bytes, 0xab, sizeof(step->cell.bytes));
		step->cell.size = 16;
		explored_call(&replay, who, "pthread_mutex_timedlock", -110);
		step = explored_buffer(&replay, who, 0, 1, NULL);
		for (int i = 1; i < BUFFER_MAX; i++)
			step = explored_buffer(&replay, who, 64, 0x7fff12345678,
			                       step);
		explored_flush(&replay, who, 0, step)->ended = true;
	}
	explored_end(&replay, VERDICT_DEADLOCK, 0,
	             "A waits in pthread_mutex_lock for B; B spins");
}

Test(trace_view, has_80_columns_for_any_number_of_workers)
{
	for (unsigned workers = 1; workers <= MODEL_WORKERS; workers++) {
		struct verdict_names names = explored_names("x", workers, 1);

		names.context = (void *)(workers % 2 ? "a_long_solution.c"
		                                     : "año/ñandú.c");
		replay.count = 0;
		fill(workers);
		expect_trace(&names, "DEADLOCK: nobody can go on\n"
		                     "  A waits in pthread_mutex_lock for B\n"
		                     "  B spins\n");
	}
}

Test(trace_view, has_a_column_for_each_of_up_to_four_workers)
{
	static const char *const headers[] = {
		"A                               memory\n",
		"A                   memory                  B\n",
		"A               B               memory          C\n",
		"A           B           memory         C           D\n",
		"who what                          memory\n",
	};

	for (unsigned i = 0; i < 5; i++) {
		struct verdict_names names = explored_names("none", i + 1, 1);

		replay.count = 0;
		explored_step(&replay, (char)('A' + i), OP_LOAD, 0, 0, 0);
		explored_end(&replay, VERDICT_EXACT, 0, "");
		expect_trace(&names, headers[i]);
	}
}

Test(trace_view, draws_arrows_as_characters_where_it_may)
{
	struct verdict_names names = explored_names("none", 2, 1);
	char *text;

	explored_lost_update(&replay);
	text = trace_text(&replay, &names, true, true);
	expect_part(text, "load 0 ←─────────── counter = 0\n");
	expect_part(text, "counter = 0 ──────────→ load 0\n");
	expect_part(text, "\033[1;31mLOST");
	free(text);
}

Test(trace_view, says_where_the_schedule_does_not_fit)
{
	struct verdict_names names = explored_names("none", 2, 1);
	char *text;

	explored_lost_update(&replay);
	replay.fits = false;
	replay.unfit = replay.count;
	text = trace_of(&names);
	expect_part(text, "\nDOES NOT FIT: step 5 of the schedule cannot be "
	                  "made: source or compiler changed\n");
	expect_no_part(text, "LOST UPDATE");
	free(text);
	replay.unfit = REPLAY_STEPS;
	expect_trace(&names, "DOES NOT FIT: the schedule has more than 65536");
}

Test(trace_view, says_how_a_program_ended)
{
	struct verdict_names names = explored_names("cells.c", 2, 0);

	names.program = true;
	explored_step(&replay, 'A', OP_LOAD, 0, 0, 0)->ended = true;
	explored_end(&replay, VERDICT_EXACT, 0, "");
	expect_trace(&names, "\nEXACT: the check finds nothing wrong\n");
	explored_end(&replay, VERDICT_CRASH, 0, "worker A: SIGSEGV");
	replay.outcome.pc = 10;
	expect_trace(&names, "load 0 (stops)");
	expect_trace(&names, "\nCRASH: worker A: SIGSEGV\n  at none.c:10\n");
}

Test(trace_view, shows_values_as_what_they_probably_are)
{
	static const struct {
		uint64_t value;
		uint32_t size;
		const char *text;
	} known[] = {
		{ 0, 1, "0" },
		{ 255, 1, "255" },
		{ 65535, 2, "65535" },
		{ 0, 4, "0" },
		{ UINT32_MAX, 4, "-1" },
		{ UINT32_MAX - 65535, 4, "-65536" },
		{ UINT32_MAX - 65536, 4, "4294901759" },
		{ 0, 8, "0" },
		{ UINT64_MAX, 8, "-1" },
		{ UINT64_C(1000000000000), 8, "1000000000000" },
		{ UINT64_C(1000000000001), 8, "0xe8d4a51001" },
		{ UINT64_C(0x7ffe00001234), 8, "0x7ffe00001234" },
		{ 0x010203, 3, "0x10203" },
		{ 0, 16, "0x0" },
	};
	unsigned char bytes[16] = { 0 };
	char text[STEP_VALUE];

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		memcpy(bytes, &known[i].value, 8);
		cr_expect_str_eq(step_value(bytes, known[i].size, text),
		                 known[i].text, "%s", text);
	}
	memset(bytes, 0xab, sizeof(bytes));
	cr_expect_str_eq(step_value(bytes, 16, text),
	                 "0xabababababababababababababababab", "%s", text);
}
