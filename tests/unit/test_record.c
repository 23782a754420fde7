#include "harness/record/record.h"

#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/record/archive.h"
#include "harness/record/jsonl.h"

static const char uuid[] = "12345678-9abc-4def-8123-456789abcdef";

/* A member that a record must have. */
struct member {
	const char *key;
	json_type type;
};

static void expect_members(const json_t *record, const struct member *members)
{
	cr_assert_not_null(record, "no record");
	for (; members->key; members++)
		cr_expect_eq(json_typeof(json_object_get(record, members->key)),
		             members->type, "\"%s\" is of another type",
		             members->key);
}

static const char *text_of(const json_t *record, const char *key)
{
	const char *text = json_string_value(json_object_get(record, key));

	return text ? text : "(no text)";
}

static json_int_t count_of(const json_t *record, const char *key)
{
	return json_integer_value(json_object_get(record, key));
}

static bool is_null(const json_t *record, const char *key)
{
	return json_is_null(json_object_get(record, key));
}

/* What was recorded can be read again. */
static void expect_readable(json_t *run, json_t *record)
{
	struct archive archive = { 0 };
	struct complaint complaint = { 0 };
	int err = archive_add(&archive, run, &complaint);

	if (!err)
		err = archive_add(&archive, record, &complaint);
	cr_expect_eq(err, 0, "refused: %s", complaint.why);
	archive_free(&archive);
}

/* --- run ------------------------------------------------------------------ */

static json_t *run_of(struct record_spec *spec, const struct host *host)
{
	static const char *const names[] = { "none", "mutex" };
	static const unsigned workers[] = { 1, 2, 4096 }, cpus[] = { 7, 3 };

	spec->strategies = names;
	spec->strategies_count = 2;
	spec->workers = workers;
	spec->workers_count = 3;
	spec->pin = "list";
	spec->as = "threads";
	spec->memory = "memfd";
	spec->cpus = cpus;
	spec->cpus_count = 2;
	spec->trials = 9;
	return record_run(uuid, 1770000000, host, spec);
}

static const struct host known_host = {
	.name = "vm",
	.kernel = "6.1.0",
	.machine = "x86_64",
	.cpu_model = "AMD EPYC",
	.libc = "glibc 2.36",
	.clock_source = "tsc",
	.virtualization = "none",
	.cpus_allowed = 2,
	.cpus_online = 4,
	.quota = 1.5,
	.parallelism = 1.9,
	.timer_ns = 27,
	.load = 0.5,
	.pressure = 12.5,
};

Test(record, of_a_run_has_host_and_specification)
{
	static const struct member members[] = { { "type", JSON_STRING },
		                                 { "schema", JSON_INTEGER },
		                                 { "run", JSON_STRING },
		                                 { "started", JSON_STRING },
		                                 { "host", JSON_OBJECT },
		                                 { "spec", JSON_OBJECT },
		                                 { 0 } };
	struct record_spec spec = { .time_ns = 100 * NS_PER_MS, .seed = 42 };
	json_t *record;

	(void)setenv("TZ", "XYZ-5:30", 1); /* time is told as UTC */
	record = run_of(&spec, &known_host);
	expect_members(record, members);
	cr_expect_str_eq(text_of(record, "type"), "run", "type");
	cr_expect_str_eq(text_of(record, "run"), uuid, "run");
	cr_expect_str_eq(text_of(record, "started"), "2026-02-02T02:40:00Z",
	                 "%s", text_of(record, "started"));
	expect_readable(record, record);
	json_decref(record);
}

Test(record, of_a_run_says_what_is_needed_to_distrust_it)
{
	static const struct member members[] = {
		{ "name", JSON_STRING },
		{ "cpu_model", JSON_STRING },
		{ "cpus_allowed", JSON_INTEGER },
		{ "cpus_online", JSON_INTEGER },
		{ "effective_parallelism", JSON_REAL },
		{ "cgroup_quota_cpus", JSON_REAL },
		{ "kernel", JSON_STRING },
		{ "machine", JSON_STRING },
		{ "libc", JSON_STRING },
		{ "compiler", JSON_STRING },
		{ "flags", JSON_STRING },
		{ "revision", JSON_STRING },
		{ "version", JSON_STRING },
		{ "virtualization", JSON_STRING },
		{ "clock_source", JSON_STRING },
		{ "load_1min", JSON_REAL },
		{ "cpu_pressure_percent", JSON_REAL },
		{ "timer_ns", JSON_REAL },
		{ 0 }
	};
	json_t *host = host_json(&known_host);

	expect_members(host, members);
	cr_expect_str_eq(text_of(host, "cpu_model"), "AMD EPYC", "model");
	cr_expect_eq(count_of(host, "cpus_allowed"), 2, "allowed");
	json_decref(host);
}

Test(record, of_a_run_has_null_for_what_is_not_known_of_its_host)
{
	struct host host = known_host;
	json_t *json;

	host.quota = host.parallelism = host.timer_ns = 0;
	host.pressure = -1;
	json = host_json(&host);
	cr_expect(is_null(json, "cgroup_quota_cpus"), "quota");
	cr_expect(is_null(json, "effective_parallelism"), "parallelism");
	cr_expect(is_null(json, "timer_ns"), "timer");
	cr_expect(is_null(json, "cpu_pressure_percent"), "pressure");
	json_decref(json);
	host.pressure = 0;
	json = host_json(&host);
	cr_expect(json_is_real(json_object_get(json, "cpu_pressure_percent")),
	          "no pressure is known to be 0");
	json_decref(json);
}

Test(record, of_a_run_has_its_specification)
{
	struct record_spec spec = { .time_ns = 100 * NS_PER_MS,
		                    .seed = UINT64_MAX };
	json_t *record = run_of(&spec, &known_host);
	const json_t *json = json_object_get(record, "spec");
	json_t *names = json_pack("[s, s]", "none", "mutex");
	json_t *workers = json_pack("[i, i, i]", 1, 2, 4096);
	json_t *cpus = json_pack("[i, i]", 7, 3);

	cr_expect(json_equal(json_object_get(json, "strategies"), names),
	          "strategies");
	cr_expect(json_equal(json_object_get(json, "workers"), workers),
	          "workers");
	cr_expect(json_equal(json_object_get(json, "cpus"), cpus), "CPUs");
	cr_expect_eq(count_of(json, "time_ms"), 100, "time");
	cr_expect(is_null(json, "count"), "not bounded by count");
	cr_expect_eq(count_of(json, "trials"), 9, "trials");
	cr_expect_str_eq(text_of(json, "pin"), "list", "pin");
	cr_expect_str_eq(text_of(json, "as"), "threads", "as");
	cr_expect_str_eq(text_of(json, "memory"), "memfd", "memory");
	cr_expect_str_eq(text_of(json, "seed"), "18446744073709551615",
	                 "64 bits are text");
	json_decref(names);
	json_decref(workers);
	json_decref(cpus);
	json_decref(record);
}

Test(record, of_a_run_says_what_the_processor_does_not_count)
{
	struct record_spec spec = { .count = 1 };
	json_t *record = run_of(&spec, &known_host);

	cr_expect_null(json_object_get(record, "perf"), "nobody asked");
	json_decref(record);
	spec.perf = "";
	record = run_of(&spec, &known_host);
	cr_expect(is_null(record, "perf"), "it counts all");
	json_decref(record);
	spec.perf = "ENOENT: no hardware counters here";
	record = run_of(&spec, &known_host);
	cr_expect_str_eq(text_of(record, "perf"), spec.perf, "%s",
	                 text_of(record, "perf"));
	expect_readable(record, record);
	json_decref(record);
}

Test(record, of_a_run_bounded_by_count_has_no_time)
{
	struct record_spec spec = { .count = (uint64_t)INT64_MAX };
	json_t *record = run_of(&spec, &known_host);
	const json_t *json = json_object_get(record, "spec");

	cr_expect(is_null(json, "time_ms"), "time");
	cr_expect_eq(count_of(json, "count"), INT64_MAX, "count");
	json_decref(record);
}

Test(record, of_this_machine_can_be_made)
{
	struct record_spec spec = { .count = 1 };
	struct host host;
	json_t *record;

	host_probe(&host);
	cr_expect_gt(host.cpus_allowed, 0, "no CPU");
	cr_expect(host.name[0] && host.kernel[0] && host.libc[0] &&
	                  host.virtualization,
	          "nothing is known");
	record = run_of(&spec, &host);
	cr_expect_not_null(record, "not in UTF-8?");
	json_decref(record);
}

/* --- trial ---------------------------------------------------------------- */

static const struct sync_ops mutex_ops = { 0 };
static const struct sync_strategy mutex = { "mutex", &mutex_ops, NULL, NULL };

static struct run_result *result_of(void)
{
	struct run_result *result = run_result_new(&mutex, 2, 2);

	cr_assert_not_null(result, "no memory");
	result->observed = 90;
	result->reap_ns = 77;
	result->point.pin = "spread";
	result->worker[0] = (struct worker_result){
		.begun = 60,
		.done = 55,
		.start_ns = 1000,
		.stop_ns = 2000,
		.user_ns = 600,
		.system_ns = 300,
		.voluntary = 3,
		.involuntary = 4,
		.cpu = 1,
	};
	result->worker[1] = (struct worker_result){
		.begun = 50,
		.done = 45,
		.start_ns = 1001,
		.stop_ns = 2001,
		.cpu = -1,
		.fate = FATE_KILLED,
		.detail = SIGKILL,
	};
	return result;
}

static json_t *trial_of(const struct run_measures *measures)
{
	const struct record_place place = { uuid, 7, 3 };
	struct run_result *result = result_of();
	json_t *record = record_trial(&place, result, measures);

	free(result);
	return record;
}

static const struct run_measures known_measures = {
	.valid = true,
	.evidence = EVIDENCE_LOST,
	.expected = 100,
	.lost = 10,
	.lost_share = 0.1,
	.elapsed_ns = 1001,
	.ns_per_increment = 10.01,
	.window = 0.998,
	.overlap = 0.5,
	.preempted = 4,
	.skew_ns = 1,
	.fairness = 0.99,
};

Test(record, of_a_trial_has_all_that_the_contract_says)
{
	static const struct member members[] = { { "type", JSON_STRING },
		                                 { "schema", JSON_INTEGER },
		                                 { "run", JSON_STRING },
		                                 { "trial", JSON_INTEGER },
		                                 { "block", JSON_INTEGER },
		                                 { "strategy", JSON_STRING },
		                                 { "workers", JSON_INTEGER },
		                                 { "cpus", JSON_INTEGER },
		                                 { "pin", JSON_STRING },
		                                 { "inside_ns", JSON_INTEGER },
		                                 { "outside_ns", JSON_INTEGER },
		                                 { "expected", JSON_INTEGER },
		                                 { "observed", JSON_INTEGER },
		                                 { "lost", JSON_INTEGER },
		                                 { "surplus", JSON_INTEGER },
		                                 { "lost_share", JSON_REAL },
		                                 { "elapsed_ns", JSON_INTEGER },
		                                 { "window", JSON_REAL },
		                                 { "ns_per_increment",
		                                   JSON_REAL },
		                                 { "overlap", JSON_REAL },
		                                 { "preempted", JSON_INTEGER },
		                                 { "skew_ns", JSON_INTEGER },
		                                 { "setup_ns", JSON_NULL },
		                                 { "reap_ns", JSON_INTEGER },
		                                 { "fairness", JSON_REAL },
		                                 { "evidence", JSON_STRING },
		                                 { "valid", JSON_TRUE },
		                                 { "worker", JSON_ARRAY },
		                                 { "noise", JSON_OBJECT },
		                                 { 0 } };
	json_t *record = trial_of(&known_measures);

	expect_members(record, members);
	cr_expect_str_eq(text_of(record, "type"), "trial", "type");
	cr_expect_str_eq(text_of(record, "strategy"), "mutex", "strategy");
	cr_expect_eq(count_of(record, "trial"), 7, "trial");
	cr_expect_eq(count_of(record, "block"), 3, "block");
	cr_expect_eq(count_of(record, "lost"), 10, "lost");
	cr_expect_eq(count_of(record, "reap_ns"), 77, "reap_ns");
	cr_expect_str_eq(text_of(record, "evidence"), "lost", "evidence");
	json_decref(record);
}

Test(record, of_a_trial_has_the_counter_where_that_may_lag)
{
	static const struct sync_ops lagging_ops = { .lag = 15 };
	static const struct sync_strategy lagging = { "lagging", &lagging_ops,
		                                      NULL, NULL };
	const struct record_place place = { uuid, 7, 3 };
	struct run_result *result = result_of();
	json_t *record = record_trial(&place, result, &known_measures);

	cr_expect_null(json_object_get(record, "counter"), "mutex lags");
	json_decref(record);
	result->strategy = &lagging;
	result->counter = 77;
	record = record_trial(&place, result, &known_measures);
	cr_expect_eq(json_integer_value(json_object_get(record, "counter")), 77,
	             "not the counter");
	json_decref(record);
	free(result);
}

Test(record, of_a_trial_has_an_entry_for_each_worker)
{
	static const struct member members[] = {
		{ "begun", JSON_INTEGER },
		{ "done", JSON_INTEGER },
		{ "start_ns", JSON_INTEGER },
		{ "stop_ns", JSON_INTEGER },
		{ "cpu", JSON_INTEGER },
		{ "cpu_ns", JSON_INTEGER },
		{ "user_ns", JSON_INTEGER },
		{ "system_ns", JSON_INTEGER },
		{ "voluntary_switches", JSON_INTEGER },
		{ "involuntary_switches", JSON_INTEGER },
		{ "fate", JSON_STRING },
		{ 0 }
	};
	json_t *record = trial_of(&known_measures);
	const json_t *workers = json_object_get(record, "worker");
	const json_t *first = json_array_get(workers, 0);
	const json_t *second = json_array_get(workers, 1);

	cr_assert_eq(json_array_size(workers), 2, "two");
	expect_members(first, members);
	cr_expect_eq(count_of(first, "begun"), 60, "begun");
	cr_expect_eq(count_of(first, "done"), 55, "done");
	cr_expect_eq(count_of(first, "cpu_ns"), 900, "cpu_ns");
	cr_expect_eq(count_of(first, "voluntary_switches"), 3, "voluntary");
	cr_expect_eq(count_of(first, "involuntary_switches"), 4, "in-");
	cr_expect_str_eq(text_of(first, "fate"), "finished", "fate");
	cr_expect_eq(count_of(second, "cpu"), -1, "not known");
	cr_expect_str_eq(text_of(second, "fate"), "killed by SIGKILL", "fate");
	json_decref(record);
}

/* And in the archive the sum of all workers, where each is known. */
Test(record, of_a_trial_has_what_the_processor_counted)
{
	const struct record_place place = { uuid, 7, 3 };
	struct record_spec spec = { .count = 1 };
	json_t *run = run_of(&spec, &known_host), *record;
	struct run_result *result = result_of();
	struct archive archive = { 0 };
	struct complaint complaint = { 0 };
	const json_t *worker;

	result->counted = true;
	for (int i = 0; i < 2; i++)
		memcpy(result->worker[i].count,
		       (uint64_t[]){ 1000 + (uint64_t)i, 7,
		                     i ? RUN_COUNT_UNKNOWN : 5 },
		       sizeof(result->worker[i].count));
	record = record_trial(&place, result, &known_measures);
	worker = json_array_get(json_object_get(record, "worker"), 1);
	cr_expect_eq(count_of(worker, "cycles"), 1001, "cycles");
	cr_expect_eq(count_of(worker, "instructions"), 7, "instructions");
	cr_expect(is_null(worker, "cache_misses"), "not known");
	cr_assert_eq(archive_add(&archive, run, &complaint), 0, "run");
	cr_assert_eq(archive_add(&archive, record, &complaint), 0, "%s",
	             complaint.why);
	cr_assert_eq(archive.trials_count, 1, "one");
	cr_expect_float_eq(archive.trials[0].count[RUN_COUNT_CYCLES], 2001, 0,
	                   "the sum");
	cr_expect_float_eq(archive.trials[0].count[RUN_COUNT_INSTRUCTIONS], 14,
	                   0, "the sum");
	cr_expect(isnan(archive.trials[0].count[RUN_COUNT_MISSES]),
	          "not all are known");
	json_decref(record);
	archive_free(&archive);
	result->counted = false;
	record = record_trial(&place, result, &known_measures);
	worker = json_array_get(json_object_get(record, "worker"), 1);
	cr_expect_null(json_object_get(worker, "cycles"), "nobody asked");
	json_decref(record);
	json_decref(run);
	free(result);
}

static json_t *noise_of(const struct run_noise *noise)
{
	const struct record_place place = { uuid, 7, 3 };
	struct run_result *result = result_of();
	json_t *record;

	result->noise = *noise;
	record = record_trial(&place, result, &known_measures);
	free(result);
	return record;
}

Test(record, of_a_trial_says_what_else_the_machine_did)
{
	static const struct run_noise noisy = { .pressure = 0.43,
		                                .steal = 0.02,
		                                .clock_jump_ns = 99,
		                                .noisy = true,
		                                .why = "pressure 43 %" };
	static const struct run_noise unknown = { .pressure = NAN,
		                                  .steal = NAN };
	json_t *record = noise_of(&noisy);
	const json_t *noise = json_object_get(record, "noise");

	cr_expect_float_eq(
	        json_number_value(json_object_get(noise, "pressure")), 0.43, 0,
	        "pressure");
	cr_expect_float_eq(json_number_value(json_object_get(noise, "steal")),
	                   0.02, 0, "steal");
	cr_expect_eq(count_of(noise, "clock_jump_ns"), 99, "clocks");
	cr_expect(json_is_true(json_object_get(noise, "noisy")), "noisy");
	cr_expect_str_eq(text_of(noise, "why"), "pressure 43 %", "why");
	json_decref(record);
	record = noise_of(&unknown);
	noise = json_object_get(record, "noise");
	cr_expect(is_null(noise, "pressure") && is_null(noise, "steal"),
	          "not known");
	cr_expect(is_null(noise, "why") &&
	                  json_is_false(json_object_get(noise, "noisy")),
	          "not noisy");
	json_decref(record);
}

Test(record, of_a_trial_that_is_invalid_or_did_nothing_has_null)
{
	struct run_measures measures = { .ns_per_increment = NAN };
	struct record_spec spec = { .count = 1 };
	json_t *run = run_of(&spec, &known_host);
	json_t *record = trial_of(&measures);

	cr_expect(is_null(record, "evidence"), "evidence");
	cr_expect(is_null(record, "ns_per_increment"), "cost");
	cr_expect(json_is_false(json_object_get(record, "valid")), "valid");
	expect_readable(run, record);
	json_decref(record);
	json_decref(run);
}

Test(record, of_a_trial_keeps_counts_of_63_bits)
{
	struct run_measures measures = known_measures;
	json_t *record;
	char *line;

	measures.expected = measures.lost = (uint64_t)INT64_MAX;
	record = trial_of(&measures);
	line = jsonl_line(record);
	cr_assert_not_null(line, "no line");
	cr_expect(strstr(line, "\"lost\":9223372036854775807,"), "%s", line);
	free(line);
	json_decref(record);
}

/* --- control and end ------------------------------------------------------ */

Test(record, of_a_control_has_the_empty_loop_and_the_clock)
{
	struct record_spec spec = { .count = 1 };
	json_t *run = run_of(&spec, &known_host);
	json_t *record = record_control(uuid, 2, 4, 0.35, 27);

	cr_expect_eq(count_of(record, "block"), 2, "block");
	cr_expect_eq(count_of(record, "workers"), 4, "workers");
	expect_readable(run, record);
	json_decref(record);
	record = record_control(uuid, 2, 4, NAN, NAN);
	cr_expect(is_null(record, "empty_ns_per_increment"), "empty");
	cr_expect(is_null(record, "timer_ns"), "timer");
	expect_readable(run, record);
	json_decref(record);
	json_decref(run);
}

Test(record, of_an_end_has_the_status_and_what_interrupted_it)
{
	json_t *record = record_end(uuid, 1770000000, 130, 3, SIGINT);

	cr_expect_str_eq(text_of(record, "ended"), "2026-02-02T02:40:00Z",
	                 "ended");
	cr_expect_str_eq(text_of(record, "interrupted"), "SIGINT", "by what");
	json_decref(record);
	record = record_end(uuid, 1770000000, 0, 3, 0);
	cr_expect(is_null(record, "interrupted"), "by nothing");
	json_decref(record);
}
