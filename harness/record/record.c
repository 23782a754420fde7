#include "harness/record/record.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#include "harness/base/clock.h"
#include "harness/base/text.h"

/* Every count is below 2^63: the specification sees to that. */
static json_t *count_json(uint64_t count)
{
	return json_integer((json_int_t)count);
}

static json_t *real_json(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *time_json(int64_t seconds)
{
	time_t time = (time_t)seconds;
	struct tm utc;
	char text[32];

	if (!gmtime_r(&time, &utc) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc))
		return json_null();
	return json_string(text);
}

/* Half a list would be worse than none: then the whole record is NULL. */
static json_t *append(json_t *list, json_t *item)
{
	if (json_array_append_new(list, item) == 0)
		return list;
	json_decref(list);
	return NULL;
}

static json_t *names_json(const struct record_spec *spec)
{
	json_t *names = json_array();

	for (size_t i = 0; i < spec->strategies_count && names; i++)
		names = append(names, json_string(spec->strategies[i]));
	return names;
}

static json_t *numbers_json(const unsigned *numbers, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count && list; i++)
		list = append(list, json_integer(numbers[i]));
	return list;
}

static json_t *spec_json(const struct record_spec *spec)
{
	char seed[24]; /* as text: a JSON number has 63 bits */

	(void)snprintf(seed, sizeof(seed), "%llu",
	               (unsigned long long)spec->seed);
	return json_pack(
	        "{s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:s, s:s, s:s}",
	        "strategies", names_json(spec), "workers",
	        numbers_json(spec->workers, spec->workers_count), "time_ms",
	        spec->time_ns
	                ? json_integer((json_int_t)(spec->time_ns / NS_PER_MS))
	                : json_null(),
	        "count", spec->count ? count_json(spec->count) : json_null(),
	        "trials",
	        spec->trials ? json_integer(spec->trials) : json_null(), "pin",
	        spec->pin, "cpus", numbers_json(spec->cpus, spec->cpus_count),
	        "inside_ns", numbers_json(spec->inside_ns, spec->insides_count),
	        "outside_ns",
	        numbers_json(spec->outside_ns, spec->outsides_count), "as",
	        spec->as, "memory", spec->memory, "seed", seed);
}

/* Adds KEY, unless the record is NULL for want of memory already. */
static json_t *with(json_t *record, const char *key, json_t *value)
{
	if (!record || json_object_set_new(record, key, value) == 0)
		return record;
	json_decref(record);
	return NULL;
}

json_t *record_run_with(const char *uuid, int64_t started,
                        const struct host *host, json_t *spec)
{
	return json_pack("{s:s, s:i, s:s, s:o, s:o, s:o}", "type", "run",
	                 "schema", RECORD_SCHEMA, "run", uuid, "started",
	                 time_json(started), "host", host_json(host), "spec",
	                 spec);
}

json_t *record_run(const char *uuid, int64_t started, const struct host *host,
                   const struct record_spec *spec)
{
	json_t *record = record_run_with(uuid, started, host, spec_json(spec));

	if (!spec->perf)
		return record;
	return with(record, "perf",
	            *spec->perf ? json_string(spec->perf) : json_null());
}

json_t *record_control(const char *uuid, unsigned block, unsigned workers,
                       double empty_ns, double timer_ns)
{
	return json_pack("{s:s, s:i, s:s, s:i, s:i, s:o, s:o}", "type",
	                 "control", "schema", RECORD_SCHEMA, "run", uuid,
	                 "block", (int)block, "workers", (int)workers,
	                 "empty_ns_per_increment", real_json(empty_ns),
	                 "timer_ns", real_json(timer_ns));
}

static json_t *known_json(uint64_t count)
{
	return count == RUN_COUNT_UNKNOWN ? json_null() : count_json(count);
}

static json_t *with_counts(json_t *record, const uint64_t count[RUN_COUNTS])
{
	for (enum run_count i = 0; i <= RUN_COUNT_MISSES; i++)
		record = with(record, run_count_name(i), known_json(count[i]));
	return record;
}

static json_t *worker_json(const struct worker_result *worker, bool counted)
{
	char fate[FATE_TEXT];
	json_t *record = json_pack(
	        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s}",
	        "begun", count_json(worker->begun), "done",
	        count_json(worker->done), "start_ns",
	        count_json(worker->start_ns), "stop_ns",
	        count_json(worker->stop_ns), "cpu", json_integer(worker->cpu),
	        "cpu_ns", count_json(run_cpu_ns(worker)), "user_ns",
	        count_json(worker->user_ns), "system_ns",
	        count_json(worker->system_ns), "voluntary_switches",
	        count_json(worker->voluntary), "involuntary_switches",
	        count_json(worker->involuntary), "fate",
	        fate_text(fate, worker));

	return counted ? with_counts(record, worker->count) : record;
}

static json_t *workers_json(const struct run_result *result)
{
	json_t *workers = json_array();

	for (unsigned i = 0; i < result->workers && workers; i++)
		workers = append(workers, worker_json(&result->worker[i],
		                                      result->counted));
	return workers;
}

static json_t *noise_json(const struct run_noise *noise)
{
	return json_pack("{s:o, s:o, s:o, s:b, s:s?}", "pressure",
	                 real_json(noise->pressure), "steal",
	                 real_json(noise->steal), "clock_jump_ns",
	                 count_json(noise->clock_jump_ns), "noisy",
	                 noise->noisy, "why", noise->noisy ? noise->why : NULL);
}

/* 0 is no time that anything takes. */
static json_t *time_or_null(uint64_t ns)
{
	return ns ? count_json(ns) : json_null();
}

static json_t *trial_json(const struct record_place *place,
                          const struct run_result *result,
                          const struct run_measures *measures)
{
	const struct run_point *point = &result->point;

	/* s? is null for a NULL string */
	return json_pack(
	        "{s:s, s:i, s:s, s:i, s:i, s:s, s:i, s:i, s:s, s:i, s:i,"
	        " s:o, s:o, s:o, s:o, s:f, s:o, s:o, s:f, s:f,"
	        " s:o, s:o, s:o, s:o, s:f, s:o, s:s?, s:b, s:o}",
	        "type", "trial", "schema", RECORD_SCHEMA, "run", place->uuid,
	        "trial", (int)place->trial, "block", (int)place->block,
	        "strategy", result->strategy->name, "workers",
	        (int)result->workers, "cpus", (int)result->cpus, "pin",
	        point->pin, "inside_ns", (int)point->inside_ns, "outside_ns",
	        (int)point->outside_ns, "expected",
	        count_json(measures->expected), "observed",
	        count_json(result->observed), "lost",
	        count_json(measures->lost), "surplus",
	        count_json(measures->surplus), "lost_share",
	        measures->lost_share, "elapsed_ns",
	        count_json(measures->elapsed_ns), "ns_per_increment",
	        real_json(measures->ns_per_increment), "window",
	        measures->window, "overlap", measures->overlap, "preempted",
	        count_json(measures->preempted), "skew_ns",
	        count_json(measures->skew_ns), "setup_ns",
	        time_or_null(result->setup_ns), "reap_ns",
	        time_or_null(result->reap_ns), "fairness", measures->fairness,
	        "noise", noise_json(&result->noise), "evidence",
	        evidence_name(measures->evidence), "valid", measures->valid,
	        "worker", workers_json(result));
}

json_t *record_trial(const struct record_place *place,
                     const struct run_result *result,
                     const struct run_measures *measures)
{
	json_t *record = trial_json(place, result, measures);

	if (result->strategy->ops->lag == 0)
		return record;
	return with(record, "counter", count_json(result->counter));
}

static json_t *histogram_json(const uint64_t buckets[SYNC_BUCKETS])
{
	json_t *list = json_array();

	for (unsigned i = 0; i < SYNC_BUCKETS && list; i++) {
		if (buckets[i] > 0)
			list = append(list,
			              json_pack("[o, o]",
			                        count_json(sync_bucket_low(i)),
			                        count_json(buckets[i])));
	}
	return list;
}

static json_t *longest_json(const struct run_result *result)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < result->workers && list; i++)
		list = append(list, count_json(result->worker[i].longest_ns));
	return list;
}

static uint64_t longest_ns(const struct run_result *result)
{
	uint64_t longest = 0;

	for (unsigned i = 0; i < result->workers; i++) {
		if (result->worker[i].longest_ns > longest)
			longest = result->worker[i].longest_ns;
	}
	return longest;
}

json_t *record_latency(const struct record_place *place,
                       const struct run_result *result,
                       const struct run_measures *measures, double ticks_ns)
{
	const struct run_point *point = &result->point;
	const struct run_notes *notes = &result->notes;
	bool locks = result->strategy->ops->lock;

	return json_pack(
	        "{s:s, s:i, s:s, s:i, s:i, s:s, s:i, s:i, s:s, s:i, s:i, s:b,"
	        " s:o, s:o, s:o, s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:f,"
	        " s:f, s:o, s:o}",
	        "type", "latency", "schema", RECORD_SCHEMA, "run", place->uuid,
	        "trial", (int)place->trial, "block", (int)place->block,
	        "strategy", result->strategy->name, "workers",
	        (int)result->workers, "cpus", (int)result->cpus, "pin",
	        point->pin, "inside_ns", (int)point->inside_ns, "outside_ns",
	        (int)point->outside_ns, "valid", measures->valid, "expected",
	        count_json(measures->expected), "lost",
	        count_json(measures->lost), "ns_per_increment",
	        real_json(measures->ns_per_increment), "fairness",
	        measures->fairness, "p50_ns",
	        real_json(run_quantile(notes, 0.5)), "p90_ns",
	        real_json(run_quantile(notes, 0.9)), "p99_ns",
	        real_json(run_quantile(notes, 0.99)), "p999_ns",
	        real_json(run_quantile(notes, 0.999)), "max_ns",
	        count_json(longest_ns(result)), "longest_ns",
	        longest_json(result), "handovers",
	        locks ? count_json(notes->handovers) : json_null(), "ticks_ns",
	        ticks_ns, "ns_per_tick", notes->ns_per_tick, "noise",
	        noise_json(&result->noise), "histogram",
	        histogram_json(notes->latency));
}

json_t *record_rollback(const struct record_place *place,
                        const struct run_result *result,
                        const struct run_measures *measures)
{
	const struct run_point *point = &result->point;

	return json_pack(
	        "{s:s, s:i, s:s, s:i, s:i, s:s, s:i, s:i, s:s, s:i, s:i, s:b,"
	        " s:o, s:o, s:o, s:o}",
	        "type", "rollback", "schema", RECORD_SCHEMA, "run", place->uuid,
	        "trial", (int)place->trial, "block", (int)place->block,
	        "strategy", result->strategy->name, "workers",
	        (int)result->workers, "cpus", (int)result->cpus, "pin",
	        point->pin, "inside_ns", (int)point->inside_ns, "outside_ns",
	        (int)point->outside_ns, "valid", measures->valid, "expected",
	        count_json(measures->expected), "lost",
	        count_json(measures->lost), "ns_per_increment",
	        real_json(measures->ns_per_increment), "histogram",
	        histogram_json(result->notes.rollback));
}

json_t *record_end(const char *uuid, int64_t ended, int status, unsigned trials,
                   int signal)
{
	return json_pack("{s:s, s:i, s:s, s:o, s:i, s:i, s:s?}", "type", "end",
	                 "schema", RECORD_SCHEMA, "run", uuid, "ended",
	                 time_json(ended), "status", status, "trials",
	                 (int)trials, "interrupted",
	                 signal ? text_signal(signal) : NULL);
}
