#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"
#include "harness/fault/gc.h"
#include "harness/record/host.h"
#include "harness/record/record.h"
#include "harness/run/control.h"
#include "harness/run/run.h"

enum { CHECKS_MAX = 16, SAMPLE_TRIALS = 3 };

enum level { GOOD, NOTE, BAD };

struct check {
	const char *name;
	enum level level;
	char text[400]; /* may have several lines */
};

struct doctor {
	struct host host;
	struct run_spec spec;
	struct run run;
	struct check checks[CHECKS_MAX];
	size_t count;
};

static void say(struct doctor *doctor, const char *name, enum level level,
                const char *format, ...) __attribute__((format(printf, 4, 5)));

static void say(struct doctor *doctor, const char *name, enum level level,
                const char *format, ...)
{
	struct check *check = &doctor->checks[doctor->count++];
	va_list args;

	check->name = name;
	check->level = level;
	va_start(args, format);
	(void)vsnprintf(check->text, sizeof(check->text), format, args);
	va_end(args);
}

static void check_cpus(struct doctor *doctor)
{
	const struct host *host = &doctor->host;

	if (host->cpus_allowed > 1)
		say(doctor, "CPUs", GOOD, "%u of %u allowed: %s",
		    host->cpus_allowed, host->cpus_online, host->cpu_model);
	else
		say(doctor, "CPUs", NOTE,
		    "only one of %u allowed: %s\n"
		    "Workers take turns. An update is lost only when a "
		    "worker is interrupted\n"
		    "between its load and its store; a single instruction "
		    "(none_rmw) loses none.",
		    host->cpus_online, host->cpu_model);
	if (host->quota > 0)
		say(doctor, "CPU quota", host->quota < 2 ? NOTE : GOOD,
		    "the cgroup grants %.2f CPUs, and stops us beyond that",
		    host->quota);
	else
		say(doctor, "CPU quota", GOOD, "none");
}

static void check_parallelism(struct doctor *doctor)
{
	const struct host *host = &doctor->host;
	double least = 1 + 0.5 * (host->cpus_allowed - 1);

	if (host->cpus_allowed < 2)
		return;
	if (host->parallelism >= least)
		say(doctor, "parallelism", GOOD,
		    "%u busy workers do %.2f times the work of one",
		    host->cpus_allowed, host->parallelism);
	else
		say(doctor, "parallelism", BAD,
		    "%u busy workers do only %.2f times the work of one\n"
		    "The CPUs are shared: with other programs, other machines, "
		    "or hyperthreads.\n"
		    "Parallel costs are of little use here; ratios within a "
		    "run still are.",
		    host->cpus_allowed, host->parallelism);
}

static void check_noise(struct doctor *doctor)
{
	const struct host *host = &doctor->host;

	if (host->pressure < 0)
		say(doctor, "noise", NOTE,
		    "load %.2f; the kernel does not tell the pressure "
		    "(/proc/pressure/cpu)",
		    host->load);
	else
		say(doctor, "noise", host->pressure > 20 ? BAD : GOOD,
		    "load %.2f; tasks waited %.0f %% of 10 s for a CPU%s",
		    host->load, host->pressure,
		    host->pressure > 20
		            ? "\nEnd other programs, or compare ratios only."
		            : "");
}

static void check_clock(struct doctor *doctor)
{
	const struct host *host = &doctor->host;
	bool slow = host->timer_ns > 200;

	say(doctor, "clock", slow ? BAD : GOOD, "%s, %.0f ns to read%s",
	    host->clock_source[0] ? host->clock_source : "unknown source",
	    host->timer_ns,
	    slow ? "\nEach reading is a system call: very short trials "
	           "measure the clock."
	         : "");
	say(doctor, "virtualization", GOOD, "%s", host->virtualization);
}

static void check_instruction(struct doctor *doctor)
{
	if (cpu_has_unlocked_add())
		say(doctor, "single instruction", GOOD,
		    "none_rmw adds to memory in one instruction");
	else
		say(doctor, "single instruction", NOTE,
		    "none_rmw cannot be shown: a %s CPU has no such "
		    "instruction",
		    doctor->host.machine);
}

/* Does a race show here? The only check that counts in the end. */
static void check_race(struct doctor *doctor)
{
	struct run_trial trial = {
		.strategy = run_strategy("none"),
		.workers = 2,
		.time_ns = 100 * NS_PER_MS,
	};
	double share = 0;
	int lossy = 0;

	for (int i = 0; i < SAMPLE_TRIALS && trial.strategy; i++) {
		struct run_result *result;
		struct complaint complaint = { 0 };
		struct run_measures measures;

		if (run_trial(&doctor->run, &trial, &result, &complaint) < 0) {
			say(doctor, "a race", BAD, "%s: %s", complaint.what,
			    complaint.why);
			return;
		}
		measures = run_measure(result);
		lossy += measures.lost > 0;
		share += 100 * measures.lost_share / SAMPLE_TRIALS;
		free(result);
	}
	say(doctor, "a race", lossy == SAMPLE_TRIALS ? GOOD : BAD,
	    "none, 2 workers: %d of %d trials lost updates, %.1f %%", lossy,
	    SAMPLE_TRIALS, share);
}

/* Sets up each strategy once, with a worker that does one increment. */
static void check_strategies(struct doctor *doctor)
{
	unsigned fine = 0;

	for (size_t i = 0; i < sync_registry_count; i++) {
		struct run_trial trial = { .strategy = sync_registry[i],
			                   .workers = 1,
			                   .count = 1 };
		struct run_result *result;
		struct complaint complaint = { 0 };

		if (run_trial(&doctor->run, &trial, &result, &complaint) == 0) {
			free(result);
			fine++;
		} else if (doctor->count < CHECKS_MAX - 4) {
			say(doctor, "strategy", BAD, "%s: %s%s%s",
			    complaint.what, complaint.why,
			    complaint.cure[0] ? "\n" : "", complaint.cure);
		}
	}
	say(doctor, "strategies", fine == sync_registry_count ? GOOD : NOTE,
	    "%u of %zu can be set up here", fine, sync_registry_count);
}

static void check_leftovers(struct doctor *doctor)
{
	struct gc_found found;

	if (gc_collect(&found) != 0)
		say(doctor, "System V sets", NOTE, "not on this machine");
	else
		say(doctor, "System V sets", GOOD,
		    "%u left behind by a killed racelab and removed now",
		    found.removed);
}

static void check_gnuplot(struct doctor *doctor)
{
	const char *path = getenv("PATH");
	char file[4096];

	while (path && *path) {
		size_t length = strcspn(path, ":");

		(void)snprintf(file, sizeof(file), "%.*s/gnuplot", (int)length,
		               path);
		if (access(file, X_OK) == 0) {
			say(doctor, "gnuplot", GOOD, "%s", file);
			return;
		}
		path += length + (path[length] == ':');
	}
	say(doctor, "gnuplot", BAD,
	    "not installed: no figures\napt-get install gnuplot-nox, or "
	    "make deps");
}

static int examine(struct doctor *doctor, struct complaint *complaint)
{
	int err;

	host_probe(&doctor->host);
	doctor->host.timer_ns = control_timer_ns();
	err = control_parallelism(&doctor->run, &doctor->host.parallelism,
	                          complaint);
	if (err)
		return err;
	check_cpus(doctor);
	check_parallelism(doctor);
	check_noise(doctor);
	check_clock(doctor);
	check_instruction(doctor);
	check_race(doctor);
	check_strategies(doctor);
	check_leftovers(doctor);
	check_gnuplot(doctor);
	return 0;
}

static void print_text(const struct doctor *doctor)
{
	static const char *const marks[] = { "ok  ", "note", "BAD " };

	for (size_t i = 0; i < doctor->count; i++) {
		const struct check *check = &doctor->checks[i];

		(void)printf("%s  %-18s  ", marks[check->level], check->name);
		for (const char *c = check->text; *c; c++) {
			(void)putchar(*c);
			if (*c == '\n')
				(void)printf("%-6s", "");
		}
		(void)putchar('\n');
	}
}

static void print_json(const struct doctor *doctor)
{
	static const char *const levels[] = { "ok", "note", "bad" };
	json_t *checks = json_array(), *json;

	for (size_t i = 0; i < doctor->count; i++)
		(void)json_array_append_new(
		        checks, json_pack("{s:s, s:s, s:s}", "name",
		                          doctor->checks[i].name, "level",
		                          levels[doctor->checks[i].level],
		                          "text", doctor->checks[i].text));
	json = json_pack("{s:s, s:i, s:o, s:o}", "type", "doctor", "schema",
	                 RECORD_SCHEMA, "host", host_json(&doctor->host),
	                 "checks", checks);
	(void)json_dumpf(json, stdout, JSON_COMPACT | JSON_REAL_PRECISION(9));
	(void)putchar('\n');
	json_decref(json);
}

int cmd_doctor(int argc, char **argv)
{
	static const struct argp argp = {
		NULL,
		parse_only_common,
		NULL,
		"Say what this machine can and cannot show, and why.\v"
		"Example:\n  racelab doctor",
		only_common,
		NULL,
		NULL
	};
	static const char *const all[] = { "all" };
	struct run_text text = { .strategies = all,
		                 .strategies_count = 1,
		                 .workers_default = "1,2" };
	struct common_options options = { 0 };
	struct doctor doctor = { 0 };
	struct complaint complaint = { 0 };
	int err;

	options_parse(&argp, "doctor", argc, argv, &options);
	if (run_spec_parse(&doctor.spec, &text, &complaint) < 0)
		return say_complaint(&complaint, STATUS_RESOURCE);
	err = run_begin(&doctor.run, &doctor.spec, &complaint);
	if (!err)
		err = examine(&doctor, &complaint);
	run_end(&doctor.run);
	run_spec_free(&doctor.spec);
	if (doctor.run.signals.caught)
		return 128 + doctor.run.signals.caught;
	if (err)
		return say_complaint(&complaint, STATUS_RESOURCE);
	if (options.json)
		print_json(&doctor);
	else
		print_text(&doctor);
	return STATUS_OK;
}
