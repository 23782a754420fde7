#include "harness/record/archive.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/record/jsonl.h"
#include "tests/fixtures/records.h"

static const struct records_trial known = {
	.run = "R",
	.strategy = "mutex",
	.block = 3,
	.workers = 2,
	.ns = 10.5,
	.lost = 10,
	.evidence = "lost",
};

static int add(struct archive *archive, json_t *record,
               struct complaint *complaint)
{
	int err;

	cr_assert_not_null(record, "the test's own record is wrong");
	err = archive_add(archive, record, complaint);
	json_decref(record);
	return err;
}

static struct archive archive_with_run(void)
{
	struct archive archive = { 0 };
	struct complaint complaint = { 0 };

	cr_assert_eq(add(&archive, records_run("R"), &complaint), 0, "%s",
	             complaint.why);
	return archive;
}

Test(archive, takes_a_trial_as_it_is)
{
	struct archive archive = archive_with_run();
	struct complaint complaint = { 0 };
	const struct archive_trial *trial;

	cr_assert_eq(add(&archive, records_trial(&known), &complaint), 0, "%s",
	             complaint.why);
	cr_assert_eq(archive.trials_count, 1, "not one");
	trial = &archive.trials[0];
	cr_expect_eq(trial->run, 0, "run");
	cr_expect(trial->trial == 3 && trial->block == 3, "block");
	cr_expect(trial->point.workers == 2 && trial->cpus == 2, "workers");
	cr_expect_str_eq(trial->point.strategy, "mutex", "strategy");
	cr_expect_eq(trial->observed, 1990, "observed");
	cr_expect_eq(trial->counter, 1990, "it does not lag: no such field");
	cr_expect_eq(trial->measures.expected, 2000, "expected");
	cr_expect_eq(trial->measures.lost, 10, "lost");
	cr_expect_float_eq(trial->measures.lost_share, 0.005, 1e-12, "share");
	cr_expect_float_eq(trial->measures.ns_per_increment, 10.5, 0, "ns");
	cr_expect_float_eq(trial->measures.overlap, 0.9, 0, "overlap");
	cr_expect_eq(trial->measures.evidence, EVIDENCE_LOST, "evidence");
	cr_expect(trial->measures.valid, "valid");
	cr_expect(isnan(trial->setup_ns) && isnan(trial->reap_ns), "too old");
	cr_expect(trial->done[0] == 1000 && trial->done[1] == 1000, "done");
	cr_expect_str_eq(trial->fate, "", "fate");
	archive_free(&archive);
}

/* RECORD with KEY set to a value as JSON, or without it where that is NULL. */
static json_t *spoiled(json_t *record, const char *key, const char *value)
{
	if (!value) {
		cr_assert_eq(json_object_del(record, key), 0, "no \"%s\"", key);
		return record;
	}
	cr_assert_eq(
	        json_object_set_new(record, key,
	                            json_loads(value, JSON_DECODE_ANY, NULL)),
	        0, "\"%s\" cannot be %s", key, value);
	return record;
}

Test(archive, takes_the_counter_where_it_is_recorded)
{
	struct archive archive = archive_with_run();
	struct complaint complaint = { 0 };

	cr_assert_eq(add(&archive,
	                 spoiled(records_trial(&known), "counter", "1975"),
	                 &complaint),
	             0, "%s", complaint.why);
	cr_expect_eq(archive.trials[0].counter, 1975, "the counter");
	cr_expect_eq(archive.trials[0].observed, 1990, "the total");
	cr_expect_eq(add(&archive,
	                 spoiled(records_trial(&known), "counter", "-1"),
	                 &complaint),
	             -EINVAL, "a negative counter");
	archive_free(&archive);
}

/* In a run's archive: refused, by name, and nothing is taken of it. */
static void expect_refused(json_t *record, const char *key, const char *value)
{
	struct archive archive = archive_with_run();
	struct complaint complaint = { 0 };
	char name[64];

	(void)snprintf(name, sizeof(name), "\"%s\" ", key);
	cr_expect_eq(add(&archive, spoiled(record, key, value), &complaint),
	             -EINVAL, "\"%s\": %s was taken", key,
	             value ? value : "nothing");
	cr_expect(strncmp(complaint.why, name, strlen(name)) == 0,
	          "\"%s\": %s is refused with: %s", key,
	          value ? value : "nothing", complaint.why);
	cr_expect(archive.runs_count == 1 && archive.trials_count == 0 &&
	                  archive.controls_count == 0,
	          "\"%s\": %s left something", key, value ? value : "nothing");
	archive_free(&archive);
}

/* Of each kind of member: what it must not be. NULL: missing. */
static const char *const not_counts[] = { NULL,   "-1",  "1.5", "\"1\"",
	                                  "null", "[1]", "{}",  "true" };
static const char *const not_indices[] = { NULL,         "0",         "-1",
	                                   "1.0",        "null",      "\"2\"",
	                                   "2147483648", "4294967297" };
static const char *const not_reals[] = { NULL, "-0.5", "\"1\"", "[]", "true" };
static const char *const not_shares[] = { NULL,   "-0.1", "1.1",
	                                  "null", "2",    "\"1\"" };
static const char *const not_labels[] = {
	NULL,
	"null",
	"1",
	"\"\"",
	"\"=cmd|x\"",
	"\"../x\"",
	"\"`x`\"",
	"\"a b\"",
	"\"@\"",
	"\"< x\"",
	"\"a\\nb\"",
	"\"a\\\"\"",
	"\"\u00e9\"",
	"\"_x\"",
	"[\"a\"]",
	"\"0123456789012345678901234567890123456789012345678901234567890123x\""
};
static const char *const not_evidence[] = { "\"Exact\"", "\"\"", "0", "true",
	                                    "\"none\"" };

#define BAD(list) list, sizeof(list) / sizeof((list)[0])

static const struct {
	const char *key;
	const char *const *bad;
	size_t count;
} trial_members[] = {
	{ "schema", BAD(not_counts) },
	{ "run", BAD(not_labels) },
	{ "trial", BAD(not_indices) },
	{ "strategy", BAD(not_labels) },
	{ "workers", BAD(not_indices) },
	{ "expected", BAD(not_counts) },
	{ "observed", BAD(not_counts) },
	{ "lost", BAD(not_counts) },
	{ "elapsed_ns", BAD(not_counts) },
	{ "ns_per_increment", not_reals + 1, 4 },
	{ "window", BAD(not_shares) },
	{ "overlap", BAD(not_shares) },
	{ "preempted", BAD(not_counts) },
	{ "skew_ns", BAD(not_counts) },
	{ "fairness", BAD(not_shares) },
	{ "evidence", BAD(not_evidence) },
	/* These may be missing, but not wrong. */
	{ "block", not_indices + 1, 7 },
	{ "cpus", not_indices + 1, 7 },
	{ "surplus", not_counts + 1, 7 },
	{ "setup_ns", not_reals + 1, 4 },
	{ "reap_ns", not_reals + 1, 4 },
};

Test(archive, refuses_a_trial_with_one_wrong_member)
{
	for (size_t i = 0; i < sizeof(trial_members) / sizeof(trial_members[0]);
	     i++) {
		for (size_t j = 0; j < trial_members[i].count; j++)
			expect_refused(records_trial(&known),
			               trial_members[i].key,
			               trial_members[i].bad[j]);
	}
	expect_refused(records_trial(&known), "ns_per_increment", NULL);
	expect_refused(records_trial(&known), "type", NULL);
	expect_refused(records_trial(&known), "type", "7");
	expect_refused(records_trial(&known), "schema", "2");
	expect_refused(records_trial(&known), "run", "\"S\"");
	expect_refused(records_trial(&known), "lost", "2001");
}

static void expect_refused_in_worker(const char *key, const char *value)
{
	struct archive archive = archive_with_run();
	struct complaint complaint = { 0 };
	json_t *record = records_trial(&known);
	json_t *workers = json_object_get(record, "worker");

	(void)spoiled(json_array_get(workers, 1), key, value);
	cr_expect_eq(add(&archive, record, &complaint), -EINVAL,
	             "a worker's \"%s\": %s was taken", key,
	             value ? value : "nothing");
	cr_expect_eq(archive.trials_count, 0, "something is left of it");
	archive_free(&archive);
}

Test(archive, refuses_a_trial_whose_workers_do_not_fit)
{
	static const char *const bad[] = {
		NULL,
		"null",
		"7",
		"{}",
		"[]",
		"[{\"done\":1}]",
		"[{\"done\":1},{\"done\":1},{\"done\":1}]",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect_refused(records_trial(&known), "worker", bad[i]);
	expect_refused_in_worker("done", "-1");
	expect_refused_in_worker("done", "1.5");
	expect_refused_in_worker("done", NULL);
}

Test(archive, refuses_a_trial_that_does_not_say_how_it_ended)
{
	static const char *const not_booleans[] = { NULL, "null", "1",
		                                    "\"true\"" };

	for (size_t i = 0; i < 4; i++)
		expect_refused(records_trial(&known), "valid", not_booleans[i]);
	expect_refused_in_worker("fate", "7");
}

/* A record of before noise was looked at is not noisy: it does not say. */
Test(archive, knows_which_trials_are_noisy)
{
	struct archive archive = archive_with_run();
	struct complaint complaint = { 0 };
	struct records_trial noisy = known;
	json_t *quiet = records_trial(&known);

	noisy.block = 4;
	(void)records_noise(quiet, NULL);
	(void)json_object_set_new(quiet, "trial", json_integer(5));
	cr_assert_eq(add(&archive, records_trial(&known), &complaint), 0, "%s",
	             complaint.why);
	cr_assert_eq(add(&archive,
	                 records_noise(records_trial(&noisy), "pressure 43 %"),
	                 &complaint),
	             0, "%s", complaint.why);
	cr_assert_eq(add(&archive, quiet, &complaint), 0, "%s", complaint.why);
	cr_assert_eq(archive.trials_count, 3, "not three");
	cr_expect_not(archive.trials[0].noisy, "it says nothing");
	cr_expect(archive.trials[1].noisy, "it says so");
	cr_expect_str_eq(archive.trials[1].why, "pressure 43 %", "why");
	cr_expect_not(archive.trials[2].noisy, "it says that it is not");
	cr_expect_str_eq(archive.trials[2].why, "", "why");
	archive_free(&archive);
}

/* Whatever its length, the text is cut to its place. */
Test(archive, refuses_a_noise_that_is_none)
{
	struct archive archive = archive_with_run();
	struct complaint complaint = { 0 };
	json_t *trial = records_trial(&known);
	char why[1000];

	(void)json_object_set_new(trial, "noise", json_integer(1));
	cr_expect_eq(add(&archive, trial, &complaint), -EINVAL, "a number");
	trial = records_noise(records_trial(&known), "x");
	(void)spoiled(json_object_get(trial, "noise"), "noisy", NULL);
	cr_expect_eq(add(&archive, trial, &complaint), -EINVAL, "no \"noisy\"");
	trial = records_noise(records_trial(&known), "x");
	(void)spoiled(json_object_get(trial, "noise"), "why", "7");
	cr_expect_eq(add(&archive, trial, &complaint), -EINVAL, "not a text");
	cr_expect_eq(archive.trials_count, 0, "something is left");
	memset(why, 'x', sizeof(why) - 1);
	why[sizeof(why) - 1] = '\0';
	cr_assert_eq(add(&archive, records_noise(records_trial(&known), why),
	                 &complaint),
	             0, "%s", complaint.why);
	cr_expect_eq(strlen(archive.trials[0].why), RUN_WHY - 1, "not cut");
	archive_free(&archive);
}

Test(archive, refuses_other_records_with_one_wrong_member)
{
	static const char *const not_objects[] = { NULL, "[]", "null",
		                                   "\"x\"" };

	for (size_t i = 0; i < 4; i++) {
		expect_refused(records_run("S"), "host", not_objects[i]);
		expect_refused(records_run("S"), "spec", not_objects[i]);
	}
	for (size_t i = 0; i < sizeof(not_labels) / sizeof(not_labels[0]); i++)
		expect_refused(records_run("S"), "run", not_labels[i]);
	for (size_t i = 0; i < 7; i++) {
		expect_refused(records_control("R", 1, 2, 0.3, 27), "block",
		               not_indices[i]);
		expect_refused(records_control("R", 1, 2, 0.3, 27), "workers",
		               not_indices[i]);
	}
	for (size_t i = 0; i < 5; i++) {
		expect_refused(records_control("R", 1, 2, 0.3, 27),
		               "empty_ns_per_increment", not_reals[i]);
		expect_refused(records_control("R", 1, 2, 0.3, 27), "timer_ns",
		               not_reals[i]);
	}
	expect_refused(records_control("R", 1, 2, 0.3, 27), "run", "\"S\"");
}

Test(archive, takes_null_for_what_is_not_known)
{
	struct archive archive = archive_with_run();
	struct complaint complaint = { 0 };
	json_t *trial = records_trial(&known);
	json_t *control = records_control("R", 1, 2, 0.3, 27);

	(void)json_object_set_new(trial, "ns_per_increment", json_null());
	(void)json_object_set_new(trial, "evidence", json_null());
	(void)json_object_set_new(control, "timer_ns", json_null());
	cr_assert_eq(add(&archive, trial, &complaint), 0, "%s", complaint.why);
	cr_assert_eq(add(&archive, control, &complaint), 0, "%s",
	             complaint.why);
	cr_assert(archive.trials && archive.controls, "not both");
	cr_expect(isnan(archive.trials[0].measures.ns_per_increment), "ns");
	cr_expect_eq(archive.trials[0].measures.evidence, EVIDENCE_NONE, "ev.");
	cr_expect(isnan(archive.controls[0].timer_ns), "timer");
	archive_free(&archive);
}

Test(archive, takes_records_that_say_less_or_more_than_ours)
{
	struct archive archive = archive_with_run();
	struct complaint complaint = { 0 };
	json_t *trial = records_trial(&known);

	(void)json_object_del(trial, "block");
	(void)json_object_del(trial, "cpus");
	(void)json_object_del(trial, "surplus");
	(void)json_object_set_new(trial, "news", json_true());
	cr_assert_eq(add(&archive, trial, &complaint), 0, "%s", complaint.why);
	cr_assert(archive.trials && archive.trials_count == 1, "not taken");
	cr_expect_eq(archive.trials[0].block, 3, "its number");
	cr_expect_eq(archive.trials[0].cpus, 2, "as many as workers");
	cr_expect_eq(archive.trials[0].measures.surplus, 0, "none");
	cr_assert_eq(add(&archive,
	                 json_pack("{s:s, s:i}", "type", "news", "schema", 1),
	                 &complaint),
	             0, "an unknown type");
	cr_assert_eq(archive.trials_count, 1, "it was taken for a trial");
	archive_free(&archive);
}

Test(archive, tells_whose_fate_made_a_trial_invalid)
{
	struct archive archive = archive_with_run();
	struct complaint complaint = { 0 };
	json_t *trial = records_trial(&known);
	json_t *workers = json_object_get(trial, "worker");

	(void)json_object_set_new(json_array_get(workers, 1), "fate",
	                          json_string("killed by SIGKILL"));
	cr_assert_eq(add(&archive, trial, &complaint), 0, "%s", complaint.why);
	cr_assert(archive.trials && archive.trials_count == 1, "not one");
	cr_expect_str_eq(archive.trials[0].fate, "killed by SIGKILL", "fate");
	cr_expect_eq(archive.trials[0].fate_worker, 2, "the second");
	archive_free(&archive);
}

/* --- what goes together --------------------------------------------------- */

static struct archive archive_of_runs(json_t *last)
{
	struct archive archive = archive_with_run();
	struct complaint complaint = { 0 };

	cr_assert_eq(add(&archive, last, &complaint), 0, "%s", complaint.why);
	return archive;
}

/* A run like R but for one thing; whether it is drawn together with R. */
static bool goes_with(const char *part, const char *key, const char *value)
{
	json_t *other = records_run("S");
	struct archive archive;
	int left_out;

	(void)spoiled(json_object_get(other, part), key, value);
	archive = archive_of_runs(other);
	left_out = archive_select(&archive, NULL);
	cr_expect(archive.runs[1].selected, "the last one is");
	cr_expect_eq(archive.runs[0].selected, left_out == 0, "%s: %d left out",
	             key, left_out);
	archive_free(&archive);
	return left_out == 0;
}

Test(archive, selects_runs_of_one_machine_build_and_specification)
{
	static const char *const machine[] = {
		"name",    "cpu_model", "cpus_allowed", "cgroup_quota_cpus",
		"kernel",  "libc",      "compiler",     "flags",
		"revision"
	};
	static const char *const measured[] = { "effective_parallelism",
		                                "load_1min", "timer_ns" };

	for (size_t i = 0; i < sizeof(machine) / sizeof(machine[0]); i++)
		cr_expect_not(goes_with("host", machine[i], "\"other\""), "%s",
		              machine[i]);
	for (size_t i = 0; i < sizeof(measured) / sizeof(measured[0]); i++)
		cr_expect(goes_with("host", measured[i], "7.5"), "%s",
		          measured[i]);
	cr_expect_not(goes_with("spec", "time_ms", "50"), "time_ms");
	cr_expect_not(goes_with("spec", "count", "50"), "count");
	cr_expect_not(goes_with("spec", "pin", "\"none\""), "pin");
	cr_expect_not(goes_with("spec", "cpus", "[0]"), "cpus");
	cr_expect(goes_with("spec", "as", "\"processes\""), "no choice once");
	cr_expect_not(goes_with("spec", "as", "\"threads\""), "as");
	cr_expect(goes_with("spec", "memory", "\"anon\""), "no choice once");
	cr_expect_not(goes_with("spec", "memory", "\"posix\""), "memory");
	cr_expect(goes_with("spec", "seed", "\"43\""), "seed");
	cr_expect(goes_with("spec", "strategies", "[\"atomic\"]"),
	          "strategies");
}

Test(archive, selects_the_run_that_is_named_or_the_last)
{
	json_t *other = records_run("S");
	struct archive archive;

	(void)spoiled(json_object_get(other, "host"), "name", "\"other\"");
	archive = archive_of_runs(other);
	cr_expect_null(archive_selected(&archive), "none is selected yet");
	cr_expect_eq(archive_select(&archive, "R"), 1, "S is left out");
	cr_expect_str_eq(archive_selected(&archive)->uuid, "R", "R");
	cr_expect_eq(archive_select(&archive, NULL), 1, "R is left out");
	cr_expect_str_eq(archive_selected(&archive)->uuid, "S", "S");
	cr_expect_eq(archive_select(&archive, "T"), -ENOENT, "T");
	archive_free(&archive);
	cr_expect_eq(archive_select(&archive, NULL), -ENOENT, "nothing there");
}

Test(archive, gives_texts_and_numbers_of_a_run)
{
	struct archive archive = archive_with_run();
	const struct archive_run *run = &archive.runs[0];

	cr_expect_str_eq(archive_text(run, "host", "name"), "vm", "text");
	cr_expect_str_eq(archive_text(run, "host", "none"), "", "no text");
	cr_expect_str_eq(archive_text(run, "none", "name"), "", "no part");
	cr_expect_str_eq(archive_text(run, "host", "cpus_allowed"), "", "2");
	cr_expect_float_eq(archive_number(run, "spec", "time_ms"), 100, 0, "n");
	cr_expect_float_eq(archive_number(run, "spec", "count"), 0, 0, "null");
	cr_expect_float_eq(archive_number(run, "host", "name"), 0, 0, "text");
	archive_free(&archive);
}
