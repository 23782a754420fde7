#include "harness/view/verdict.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "harness/view/verdict_json.h"
#include "harness/view/words.h"
#include "tests/fixtures/explored.h"

static struct verdict verdict;

static void judge(enum verdict_kind kind, const char *message)
{
	explored_judge(&verdict, kind, message);
}

static void expect_part(const char *text, const char *part)
{
	cr_expect_not_null(strstr(text, part), "\"%s\" is not in\n%s", part,
	                   text);
}

static void expect_no_part(const char *text, const char *part)
{
	cr_expect_null(strstr(text, part), "\"%s\" is in\n%s", part, text);
}

/* A command is to be copied, and may be longer. */
static void expect_80_columns(const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		if (strncmp(text, "  racelab replay", 16) != 0)
			cr_expect_leq(words_columns(text, length), 80, "%.*s",
			              (int)length, text);
		cr_expect(length == 0 || text[length - 1] != ' ',
		          "a blank ends \"%.*s\"", (int)length, text);
		text += length + (text[length] == '\n');
	}
}

static void expect_text(const struct verdict_names *names, bool outcomes,
                        const char *part)
{
	char *text = verdict_text(&verdict, names, outcomes, false);

	cr_assert_not_null(text, "no text");
	expect_part(text, part);
	expect_80_columns(text);
	free(text);
}

/* --- each kind of verdict */

Test(verdict_view, begins_with_target_workers_increments_and_memory)
{
	struct verdict_names names = explored_names("none", 2, 1);
	char *heading;

	judge(VERDICT_EXACT, "");
	expect_text(&names, false,
	            "none: 2 workers x 1 increment, sequential consistency\n");
	names.machine.memory = MEMORY_TSO;
	names.machine.workers = 1;
	names.machine.increments = 3;
	expect_text(&names, false,
	            "none: 1 worker x 3 increments, x86-TSO, store buffers of "
	            "4\n");
	names.program = true;
	heading = names_heading(&names);
	cr_expect_str_eq(heading, "none: 1 worker, x86-TSO, store buffers of 4",
	                 "%s", heading);
	free(heading);
}

Test(verdict_view, says_under_which_model_something_is_exact)
{
	struct verdict_names names = explored_names("mutex", 2, 2);

	judge(VERDICT_EXACT, "");
	expect_text(&names, false,
	            "\nEXACT under sequential consistency: every execution "
	            "ends with 4\ncoverage: complete, 57 states, 1.25 s\n");
	names.machine.memory = MEMORY_TSO;
	expect_text(&names, false,
	            "\nEXACT, safe on x86 (TSO): every execution ends with "
	            "4\n");
	names.program = true;
	expect_text(&names, false,
	            "safe on x86 (TSO): the check finds nothing wrong in any");
}

Test(verdict_view, has_words_for_each_bug)
{
	static const struct {
		enum verdict_kind kind;
		const char *message, *part;
	} bugs[] = {
		{ VERDICT_LOST_UPDATE, "the total is 2, not 4",
		  "\nLOST UPDATE: the total is 2, not 4\n" },
		{ VERDICT_VIOLATES, "worker A: i < 3 failed",
		  "\nVIOLATION: worker A: i < 3 failed\n" },
		{ VERDICT_CRASH, "worker B: SIGSEGV",
		  "\nCRASH: worker B: SIGSEGV\n" },
		{ VERDICT_DEADLOCK,
		  "A waits in pthread_mutex_lock for B; B waits in "
		  "pthread_mutex_lock for A",
		  "\nDEADLOCK: nobody can go on\n"
		  "  A waits in pthread_mutex_lock for B\n"
		  "  B waits in pthread_mutex_lock for A\n" },
		{ VERDICT_LIVELOCK, "A spins; B spins",
		  "\nLIVELOCK: it goes on for ever and gets nowhere\n"
		  "  A spins\n  B spins\n" },
		{ VERDICT_CRASH, "", "\nCRASH: the reason is not known\n" },
	};
	struct verdict_names names = explored_names("none", 2, 2);

	for (size_t i = 0; i < sizeof(bugs) / sizeof(bugs[0]); i++) {
		judge(bugs[i].kind, bugs[i].message);
		expect_text(&names, false, bugs[i].part);
	}
}

Test(verdict_view, does_not_let_unfinished_sound_like_clean)
{
	struct verdict_names names = explored_names("mutex", 3, 9);
	char *text;

	judge(VERDICT_UNFINISHED, "nothing was found wrong, and not everything "
	                          "was tried");
	(void)strcpy(verdict.coverage, "at most 2 preemptions");
	text = verdict_text(&verdict, &names, true, false);
	expect_part(text, "\nUNFINISHED: nothing was found wrong, and not "
	                  "everything was tried\n  That is no proof");
	expect_part(text, "coverage: at most 2 preemptions, 57 states");
	expect_no_part(text, "EXACT");
	expect_no_part(text, "safe");
	expect_80_columns(text);
	free(text);
}

Test(verdict_view, names_the_line_where_it_went_wrong)
{
	struct verdict_names names = explored_names("none", 2, 2);

	judge(VERDICT_CRASH, "worker A: SIGSEGV");
	verdict.pc = 17;
	expect_text(&names, false, "SIGSEGV\n  at none.c:17\ncoverage");
}

Test(verdict_view, counts_executions_where_they_were_run_one_by_one)
{
	struct verdict_names names = explored_names("none", 2, 2);

	judge(VERDICT_EXACT, "");
	verdict.executions = 70;
	names.search = SEARCH_EVERY;
	expect_text(&names, false, "57 states, 70 executions, 1.25 s\n");
	verdict.seconds = 0.001;
	expect_text(&names, false, "70 executions, under 0.01 s\n");
}

Test(verdict_view, wraps_what_is_long)
{
	struct verdict_names names = explored_names("none", 26, UINT64_MAX);

	judge(VERDICT_VIOLATES, "");
	memset(verdict.message, 'x', 60);
	memset(verdict.message + 60, ' ', 1);
	memset(verdict.message + 61, 'y', 130);
	memset(verdict.coverage, 'z', sizeof(verdict.coverage) - 1);
	explored_outcome(&verdict, VERDICT_VIOLATES, 0, verdict.message, "A");
	expect_text(&names, true, "xxx");
}

Test(verdict_view, prints_nothing_that_a_terminal_would_obey)
{
	struct verdict_names names = explored_names("no\033[2Jne", 2, 2);
	char *text;

	/* The last byte begins a character that was cut off. */
	judge(VERDICT_VIOLATES,
	      "a\tb\x7f contraseña \xc2\x9b \xed\xa0\x80 \xc3");
	explored_outcome(&verdict, VERDICT_VIOLATES, 0, verdict.message, NULL);
	text = verdict_text(&verdict, &names, true, false);
	expect_part(text, "no?[2Jne: 2 workers");
	expect_part(text, "VIOLATION: a?b? contraseña ?? ??? ?\n");
	for (const char *c = text; *c; c++)
		cr_expect((unsigned char)*c >= ' ' || *c == '\n', "byte %d",
		          *c);
	free(text);
	text = verdict_json(&verdict, &names, true);
	cr_assert_not_null(text, "no JSON");
	expect_part(text, "\"message\":\"a?b? contraseña ?? ??? ?\"");
	free(text);
}

/* --- races, outcomes, witness */

Test(verdict_view, names_each_data_race_once)
{
	struct verdict_names names = explored_names("none", 2, 2);
	char *text;

	judge(VERDICT_EXACT, "");
	verdict.races = 3;
	verdict.race[0] = (struct race){ { 9, 9 }, 0 };
	verdict.race[1] = (struct race){ { 9, 9 }, 0 };
	verdict.race[2] = (struct race){ { 9, 12 }, 68 };
	text = verdict_text(&verdict, &names, false, false);
	expect_part(text, "\n  none.c:9 and none.c:9, on counter\n"
	                  "  none.c:9 and none.c:12, on shared+4\n");
	expect_80_columns(text);
	free(text);
}

Test(verdict_view, shows_how_to_see_the_simplest_witness)
{
	struct verdict_names names = explored_2x2(&verdict);
	char *text = verdict_text(&verdict, &names, false, false);

	expect_part(text, "\nSee it, with 1 preemption:\n  racelab replay "
	                  "'none:w2:k2:sc:AB*A*:1234abcd'\n");
	expect_no_part(text, "p_inter");
	free(text);
	names.target = "it's.c";
	names.cc = "clang -O1";
	expect_text(&names, false,
	            "  racelab replay "
	            "'it'\\''s.c:w2:k2:sc:cc=clang,-O1:AB*A*:1234abcd'\n");
}

Test(verdict_view, has_a_row_for_each_outcome_in_order)
{
	struct verdict_names names = explored_2x2(&verdict);

	expect_text(
	        &names, true,
	        "total  interleavings   p_inter   p_sched  preempt  end\n"
	        "    2             32     0.457     0.344        2  lost "
	        "update\n"
	        "    3             32     0.457     0.500        1  lost "
	        "update\n"
	        "    4              6    0.0857     0.156        0  exact\n");
	expect_text(&names, true,
	            "\n  racelab replay 'none:w2:k2:sc:A*B*:1234abcd' # 4\n");
}

Test(verdict_view, has_no_number_where_none_is_known)
{
	struct verdict_names names = explored_names("flag", 2, 1);
	char *text;

	judge(VERDICT_DEADLOCK, "A waits in sem_wait; B waits in sem_wait");
	explored_outcome(&verdict, VERDICT_DEADLOCK, 0,
	                 "A waits in sem_wait; B waits in sem_wait", "AB");
	explored_outcome(&verdict, VERDICT_EXACT, 2, "", NULL)->p_scheduler =
	        0.9999;
	text = verdict_text(&verdict, &names, true, false);
	expect_part(text, "\n    2              -         -    >0.999        -"
	                  "  exact\n");
	expect_part(text, "\n    -              -         -         -        0"
	                  "  deadlock: A waits in\n");
	expect_no_part(text, "nan");
	expect_80_columns(text);
	free(text);
}

Test(verdict_view, says_how_often_a_sample_ended_so)
{
	struct verdict_names names = explored_names("none", 2, 1);

	judge(VERDICT_LOST_UPDATE, "the total is 1, not 2");
	names.search = SEARCH_PCT;
	explored_outcome(&verdict, VERDICT_LOST_UPDATE, 1, "", NULL)->seen = 77;
	expect_text(&names, true, "total  executions   p_inter");
	expect_text(&names, true, "\n    1          77         -");
}

Test(verdict_view, keeps_long_counts_whole_as_long_as_they_fit)
{
	struct verdict_names names = explored_names("none", 3, 6);
	struct outcome *outcome;
	char *text;

	judge(VERDICT_LOST_UPDATE, "the total is 2, not 18");
	verdict.counted = true;
	outcome = explored_outcome(&verdict, VERDICT_LOST_UPDATE, 2, "", NULL);
	explored_count(outcome, 3384731762521200, 8e-11, 0.00123);
	expect_text(&names, true, " 3384731762521200  8.00e-11   0.00123 ");
	outcome->interleavings.limb[3] = UINT64_MAX;
	text = verdict_text(&verdict, &names, true, false);
	expect_part(text, "..");
	expect_part(text, "digits left out; --json has them all");
	expect_80_columns(text);
	free(text);
	outcome->interleavings.exceeded = true;
	expect_text(&names, true, " >1.1e77 ");
}

Test(verdict_view, has_no_totals_of_a_program)
{
	struct verdict_names names = explored_names("cells.c", 2, 0);
	char *text;

	names.program = true;
	judge(VERDICT_VIOLATES, "the cells differ");
	explored_outcome(&verdict, VERDICT_EXACT, 0, "", "A*B*");
	explored_outcome(&verdict, VERDICT_VIOLATES, 0, "the cells differ",
	                 "AB*A*");
	text = verdict_text(&verdict, &names, true, false);
	expect_no_part(text, "total");
	expect_part(text, "  violation: the cells differ\n");
	expect_part(text, "A*B*:1234abcd' # exact\n");
	expect_80_columns(text);
	free(text);
}

Test(verdict_view, has_the_same_words_in_color)
{
	struct verdict_names names = explored_2x2(&verdict);
	char *plain = verdict_text(&verdict, &names, true, false);
	char *colored = verdict_text(&verdict, &names, true, true);
	char *out = colored;

	cr_expect_not_null(strchr(colored, '\033'), "no color");
	cr_expect_null(strchr(plain, '\033'), "color without being asked");
	for (const char *in = colored; *in; in++) {
		if (*in == '\033')
			in = strchr(in, 'm');
		else
			*out++ = *in;
	}
	*out = '\0';
	cr_expect_str_eq(colored, plain, "other words");
	free(plain);
	free(colored);
}
