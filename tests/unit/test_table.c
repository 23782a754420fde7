#include "harness/view/faults.h"
#include "harness/view/table.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "tests/fixtures/records.h"

/* The names that this build's registry does not have are as good as any. */
static const char *const names[] = { "none", "atomic", "mutex",
	                             "fifteen_letters", "sixteen_letters_" };
enum { NAMES = sizeof(names) / sizeof(names[0]) };

static void add(struct archive *archive, json_t *record)
{
	struct complaint complaint = { 0 };

	cr_assert_not_null(record, "the test's own record is wrong");
	cr_assert_eq(archive_add(archive, record, &complaint), 0, "%s",
	             complaint.why);
	json_decref(record);
}

static struct archive with_run(void)
{
	struct archive archive = { 0 };

	add(&archive, records_run("R"));
	add(&archive, records_control("R", 1, 2, 0.25, 27));
	return archive;
}

static void add_trials(struct archive *archive, const char *strategy,
                       unsigned workers, double ns, const char *evidence,
                       unsigned trials)
{
	for (unsigned block = 1; block <= trials; block++) {
		struct records_trial trial = {
			.run = "R",
			.strategy = strategy,
			.block = block,
			.workers = workers,
			.ns = ns * block,
			.lost = evidence && strcmp(evidence, "lost") == 0 ? 500
			                                                  : 0,
			.evidence = evidence,
		};

		add(archive, records_trial(&trial));
	}
}

typedef char *text_of(const struct comparison *);

static char *plain_table(const struct comparison *comparison)
{
	return table_of(comparison, false);
}

static char *colored_table(const struct comparison *comparison)
{
	return table_of(comparison, true);
}

/* The text that TEXT makes of an archive, which it frees. */
static char *text_from(struct archive *archive, text_of *text)
{
	struct comparison comparison;
	char *made;

	cr_assert_geq(archive_select(archive, NULL), 0, "no run");
	cr_assert_eq(comparison_of(&comparison, archive), 0, "no memory");
	made = text(&comparison);
	cr_assert_not_null(made, "no text");
	comparison_free(&comparison);
	archive_free(archive);
	return made;
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

/* Cuts TEXT up. */
static void expect_80_columns(char *text)
{
	for (char *line = strsep(&text, "\n"); line;
	     line = strsep(&text, "\n")) {
		cr_expect_leq(strlen(line), 80, "%zu columns: %s", strlen(line),
		              line);
		for (const char *c = line; *c; c++)
			cr_expect(*c >= ' ' && *c <= '~', "byte %d in %s", *c,
			          line);
	}
}

/* Costs a million times apart, so that intervals and ratios are wide, too. */
static struct archive extreme(unsigned trials)
{
	static const double costs[] = { 1e-3,  0.995, 9.995, 99.95,
		                        999.5, 1e6,   1e9,   1e15 };
	static const unsigned workers[] = { 1, 2, 1024 };
	struct archive archive = with_run();

	for (int w = 0; w < 3; w++) {
		for (size_t i = 0; i < 8; i++)
			add_trials(&archive, names[i % NAMES], workers[w],
			           costs[(i + (size_t)w) % 8],
			           i % 3 == 0   ? "lost"
			           : i % 3 == 1 ? "exact"
			                        : "insufficient",
			           trials);
		add_trials(&archive, "killed", workers[w], 1, NULL, 1);
	}
	return archive;
}

Test(table, has_at_most_80_columns_of_ascii)
{
	for (unsigned trials = 1; trials <= 9; trials += 4) {
		struct archive archive = extreme(trials);
		char *text = text_from(&archive, plain_table);

		expect_80_columns(text);
		free(text);
	}
}

Test(table, warns_in_at_most_80_columns_of_ascii)
{
	for (unsigned trials = 1; trials <= 9; trials += 4) {
		struct archive archive = extreme(trials);
		char *text = text_from(&archive, table_warnings);

		cr_expect(text[0], "it warns of nothing");
		expect_80_columns(text);
		free(text);
	}
}

/* One of many loses next to nothing: said in numbers, of any width. */
static struct archive rarely_lost(unsigned trials)
{
	struct archive archive = with_run();
	struct records_trial rare = { .run = "R",
		                      .strategy = names[3],
		                      .block = trials,
		                      .workers = 2,
		                      .ns = 1,
		                      .lost = 1,
		                      .evidence = "lost" };

	add_trials(&archive, names[3], 2, 1, "exact", trials - 1);
	add(&archive, records_trial(&rare));
	return archive;
}

Test(table, does_not_round_a_rare_loss_to_nothing)
{
	static const struct {
		unsigned trials;
		const char *cell;
	} known[] = { { 5, "1 of 5" },
		      { 10, "1 of 10" },
		      { 100, "1 of 100" },
		      { 1000, "1 of 1000" } };

	for (size_t i = 0; i < 4; i++) {
		struct archive archive = rarely_lost(known[i].trials);
		char *text = text_from(&archive, plain_table);

		expect_part(text, known[i].cell);
		expect_part(text, "N of M  so many trials lost updates");
		expect_80_columns(text);
		free(text);
	}
}

Test(table, has_a_row_for_each_strategy_and_the_empty_loop_above)
{
	struct archive archive = with_run();
	char *text;

	add_trials(&archive, "none", 2, 1.5, "lost", 9);
	add_trials(&archive, "atomic", 2, 3, "exact", 9);
	text = text_from(&archive, plain_table);
	expect_part(text, "2 workers on 2 CPUs (pin spread), trials of 100 ms");
	expect_part(text, "\n(empty)       0.25\n");
	expect_part(text, "\nnone          7.50 3.00-12.0     0.50 0.50-0.50"
	                  "     1.00 1.00-1.00    25.0 %\n");
	expect_part(text, "\natomic        15.0 6.00-24.0     1.00 1.00-1.00"
	                  "     2.00 2.00-2.00         0\n");
	cr_expect_lt(strstr(text, "\n(empty)"), strstr(text, "\nnone"),
	             "the cheapest comes first");
	expect_part(text, "Medians of 9 trials");
	expect_part(text, "27.0 ns");
	free(text);
}

Test(table, says_what_a_zero_is_worth)
{
	struct archive archive = with_run();
	char *text;

	add_trials(&archive, "atomic", 2, 3, "exact", 9);
	text = text_from(&archive, plain_table);
	expect_part(text, "the rate is below 33 % of trials, at 95 %");
	expect_no_part(text, "0 (?)");
	free(text);

	archive = with_run();
	add_trials(&archive, "atomic", 2, 3, "insufficient", 9);
	text = text_from(&archive, plain_table);
	expect_part(text, "    0 (?)\n");
	expect_part(text, "no evidence");
	expect_no_part(text, "the rate is below");
	free(text);
}

Test(table, marks_rows_with_noisy_trials)
{
	struct archive archive = with_run();
	struct records_trial noisy = { .run = "R",
		                       .strategy = "mutex",
		                       .block = 10,
		                       .workers = 2,
		                       .ns = 3,
		                       .evidence = "exact" };
	char *text;

	add_trials(&archive, "atomic", 2, 3, "exact", 9);
	add_trials(&archive, "mutex", 2, 3, "exact", 9);
	text = text_from(&archive, plain_table);
	expect_no_part(text, "!");
	free(text);
	archive = with_run();
	add_trials(&archive, "atomic", 2, 3, "exact", 9);
	add_trials(&archive, "mutex", 2, 3, "exact", 9);
	add(&archive,
	    records_noise(records_trial(&noisy), "pressure 43 %\n\033[31m"));
	text = text_from(&archive, plain_table);
	expect_part(text, "\natomic        15.0 ");
	expect_part(text, "\nmutex      !  ");
	expect_part(text, "\n!      1 of 19 trials were made while the machine "
	                  "was busy with something else,\n       one of them: "
	                  "pressure 43 %??[31m; see racelab doctor\n");
	expect_80_columns(text);
	free(text);
}

Test(table, has_no_interval_of_fewer_than_6_trials)
{
	struct archive archive = with_run();
	char *text;

	add_trials(&archive, "atomic", 2, 3, "exact", 5);
	text = text_from(&archive, plain_table);
	expect_part(text, " ~ ");
	expect_part(text, "fewer than 6 trials");
	free(text);
	archive = with_run();
	add_trials(&archive, "atomic", 2, 3, "exact", 6);
	text = text_from(&archive, plain_table);
	expect_no_part(text, "~");
	free(text);
}

Test(table, has_no_figure_without_a_valid_trial)
{
	struct archive archive = with_run();
	char *text;

	add_trials(&archive, "mutex", 2, 3, NULL, 3);
	text = text_from(&archive, plain_table);
	expect_part(text, "\nmutex ");
	expect_part(text, " -\n");
	expect_no_part(text, "0 (?)");
	expect_no_part(text, "nan");
	expect_part(text, "No trial was valid.");
	free(text);
}

/* TEXT without its colors. */
static void strip(char *text)
{
	char *out = text;

	while (*text) {
		if (*text == '\033')
			text = strchr(text, 'm') + 1;
		else
			*out++ = *text++;
	}
	*out = '\0';
}

Test(table, has_the_same_words_in_color)
{
	struct archive archive = extreme(5), again = extreme(5);
	char *plain = text_from(&archive, plain_table);
	char *colored = text_from(&again, colored_table);

	cr_expect_not_null(strchr(colored, '\033'), "no color");
	cr_expect_null(strchr(plain, '\033'), "color without being asked");
	strip(colored);
	cr_expect_str_eq(colored, plain, "other words");
	free(plain);
	free(colored);
}

/* --- warnings: each with the next command to type ------------------------- */

static char *warnings_of(const char *strategy, unsigned workers,
                         const char *evidence)
{
	struct archive archive = with_run();

	add_trials(&archive, strategy, workers, 3, evidence, 3);
	return text_from(&archive, table_warnings);
}

Test(table, warns_of_nothing_where_all_is_well)
{
	char *text = warnings_of("mutex", 2, "exact");

	cr_expect_str_eq(text, "", "%s", text);
	free(text);
	text = warnings_of("none", 2, "lost");
	cr_expect_str_eq(text, "", "%s", text);
	free(text);
}

Test(table, warns_of_too_little_evidence)
{
	char *text = warnings_of("mutex", 2, "insufficient");

	expect_part(text, "no evidence");
	expect_part(text, "\n  racelab run mutex -w 2 -t 1000\n");
	free(text);
}

Test(table, warns_of_a_race_that_did_not_show)
{
	char *text = warnings_of("none", 2, "exact");

	expect_part(text, "none lost nothing here, which is no proof");
	expect_part(text, "\n  racelab run none -w 2 -t 1000 -r 20\n");
	free(text);
}

/* Trials of one kind. To be freed with free(). */
static char *faults_after(const char *strategy, const char *evidence)
{
	struct archive archive = with_run();

	add_trials(&archive, strategy, 2, 1, evidence, 3);
	return text_from(&archive, faults_of);
}

Test(table, a_claim_that_is_wrong_is_a_fault)
{
	char *text = faults_after("mutex", "lost");

	expect_part(text, "racelab: mutex: lost updates in 3 of 3 trials");
	expect_part(text, "its claim is wrong");
	free(text);
}

Test(table, what_is_as_it_claims_is_no_fault)
{
	char *exact = faults_after("mutex", "exact");
	char *lost = faults_after("none", "lost");

	cr_expect_str_empty(exact, "mutex: %s", exact);
	cr_expect_str_empty(lost, "none claims nothing: %s", lost);
	free(exact);
	free(lost);
}

Test(table, warns_of_workers_that_take_turns)
{
	char *text = warnings_of("mutex", 5, "exact");

	expect_part(text, "5 workers take turns on 2 CPUs");
	free(text);
	text = warnings_of("mutex", 1, "insufficient");
	expect_part(text, "one worker has nobody to race with\n"
	                  "  racelab run mutex -w 2\n");
	free(text);
}

/* Records of tests are of two CPUs, whatever the workers are. */
static char *crowded(unsigned few, double cost, unsigned many, double more)
{
	struct archive archive = with_run();

	add_trials(&archive, "ticket", few, cost, "exact", 9);
	add_trials(&archive, "ticket", 4, more / 2, "exact", 9);
	add_trials(&archive, "ticket", many, more, "exact", 9);
	add_trials(&archive, "mutex", 2, 10, "exact", 9);
	add_trials(&archive, "mutex", 8, 199, "exact", 9);
	return text_from(&archive, table_warnings);
}

Test(table, warns_of_strategies_that_collapse)
{
	char *text = crowded(2, 1, 8, 1200);

	expect_part(text, "note: collapse with more workers than CPUs, where "
	                  "the next in line is often\n  not running: "
	                  "ticket (x 1.20k at 8 on 2)\n");
	expect_80_columns(text);
	free(text);
	text = crowded(2, 1, 8, 20);
	expect_no_part(text, "collapse");
	free(text);
	text = crowded(1, 1, 8, 1200);
	expect_no_part(text, "collapse");
	free(text);
	text = crowded(2, 1, 2, 1200);
	expect_no_part(text, "8 on 2");
	free(text);
}

/* Alone it never waits: what two then cost on its CPU is another thing. */
Test(table, does_not_call_it_a_collapse_on_one_cpu)
{
	struct archive archive = with_run();
	char *text;

	for (unsigned workers = 1; workers <= 2; workers++) {
		struct records_trial trial = { .run = "R",
			                       .strategy = "ticket",
			                       .block = 1,
			                       .workers = workers,
			                       .ns = workers == 1 ? 1 : 1e6,
			                       .evidence = "exact" };
		json_t *record = records_trial(&trial);

		(void)json_object_set_new(record, "cpus", json_integer(1));
		add(&archive, record);
	}
	text = text_from(&archive, table_warnings);
	expect_part(text, "2 workers take turns on 1 CPU");
	expect_no_part(text, "collapse");
	free(text);
}

Test(table, names_all_that_collapse_in_80_columns)
{
	struct archive archive = with_run();
	char *text;

	for (size_t i = 0; i < NAMES; i++) {
		add_trials(&archive, names[i], 2, 1, "exact", 1);
		add_trials(&archive, names[i], 64, 1e9, "exact", 1);
	}
	text = text_from(&archive, table_warnings);
	for (size_t i = 0; i < NAMES; i++)
		expect_part(text, names[i]);
	expect_80_columns(text);
	free(text);
}

Test(table, warns_of_invalid_trials_and_names_the_cause)
{
	struct archive archive = with_run();
	struct records_trial trial = { .run = "R",
		                       .strategy = "mutex",
		                       .block = 2,
		                       .workers = 2,
		                       .ns = 3 };
	json_t *record = records_trial(&trial);
	char *text;

	add_trials(&archive, "mutex", 2, 3, "exact", 1);
	(void)json_object_set_new(
	        json_array_get(json_object_get(record, "worker"), 1), "fate",
	        json_string("killed by SIGKILL"));
	add(&archive, record);
	text = text_from(&archive, faults_of);
	expect_part(text,
	            "racelab: mutex: worker 2 of trial 2: killed by SIGKILL\n");
	expect_part(text, "1 of 2 trials with 2 workers");
	free(text);
}

Test(table, warns_of_a_noisy_or_shared_machine)
{
	struct archive archive = { 0 };
	json_t *run = records_run("R"), *host = json_object_get(run, "host");
	char *text;

	(void)json_object_set_new(host, "cpu_pressure_percent", json_real(21));
	(void)json_object_set_new(host, "effective_parallelism",
	                          json_real(1.2));
	add(&archive, run);
	add_trials(&archive, "mutex", 2, 3, "exact", 1);
	text = text_from(&archive, table_warnings);
	expect_part(text, "the machine is noisy");
	expect_part(text, "2 CPUs are allowed, but together they do 1.20");
	free(text);
}
