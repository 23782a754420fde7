#include "harness/run/spec.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/random.h"
#include "harness/base/text.h"

const struct sync_strategy *run_strategy(const char *name)
{
	for (size_t i = 0; i < sync_registry_count; i++) {
		if (strcmp(sync_registry[i]->name, name) == 0)
			return sync_registry[i];
	}
	return NULL;
}

unsigned run_strategy_workers_max(const struct sync_strategy *strategy)
{
	unsigned max = strategy->ops->max_workers;

	return max && max < RUN_WORKERS_MAX ? max : RUN_WORKERS_MAX;
}

bool run_strategy_can(const struct sync_strategy *strategy, unsigned workers,
                      unsigned inside_ns)
{
	return workers <= run_strategy_workers_max(strategy) &&
	       (inside_ns == 0 || strategy->ops->lock);
}

const char *run_pin_name(enum run_pin pin)
{
	static const char *const names[] = { "spread", "same", "none", "smt",
		                             "list" };

	return names[pin];
}

const char *run_as_name(enum run_as as)
{
	return as == RUN_AS_THREADS ? "threads" : "processes";
}

static void add_strategy(struct run_spec *spec,
                         const struct sync_strategy *strategy)
{
	for (size_t i = 0; i < spec->strategies_count; i++) {
		if (spec->strategies[i] == strategy)
			return;
	}
	spec->strategies[spec->strategies_count++] = strategy;
}

/* Every one but those that are there to be broken. */
static void add_all(struct run_spec *spec)
{
	for (size_t i = 0; i < sync_registry_count; i++) {
		if (!sync_registry[i]->ops->demo)
			add_strategy(spec, sync_registry[i]);
	}
}

static int parse_strategies(struct run_spec *spec, const struct run_text *text,
                            struct complaint *complaint)
{
	if (text->strategies_count == 0) {
		complain(complaint, "no strategy", "nothing to run");
		complain_cure(complaint, "name one or more of racelab list");
		return -EINVAL;
	}
	spec->strategies =
	        calloc(sync_registry_count, sizeof(*spec->strategies));
	if (!spec->strategies)
		return -ENOMEM;
	for (size_t i = 0; i < text->strategies_count; i++) {
		const char *name = text->strategies[i];
		const struct sync_strategy *found = run_strategy(name);

		if (found) {
			add_strategy(spec, found);
		} else if (strcmp(name, "all") == 0) {
			add_all(spec);
		} else {
			complain(complaint, name, "there is no such strategy");
			complain_cure(complaint,
			              "racelab list shows the strategies");
			return -EINVAL;
		}
	}
	return 0;
}

static int compare_unsigned(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

static void sort_and_drop_doubles(unsigned *values, size_t *count)
{
	size_t kept = 0;

	qsort(values, *count, sizeof(*values), compare_unsigned);
	for (size_t i = 0; i < *count; i++) {
		if (i == 0 || values[i] != values[kept - 1])
			values[kept++] = values[i];
	}
	*count = kept;
}

static int parse_workers(struct run_spec *spec, const char *text,
                         struct complaint *complaint)
{
	int err = text_numbers(text, 1, RUN_WORKERS_MAX, spec->workers,
	                       RUN_COUNTS_MAX, &spec->workers_count);

	if (err == -E2BIG)
		complain(complaint, text,
		         "more than %d numbers of workers in one run",
		         RUN_COUNTS_MAX);
	else if (err)
		complain(complaint, text,
		         "workers are a number from 1 to %d, or a list as "
		         "1,2,4-8 or 1..64",
		         RUN_WORKERS_MAX);
	if (err)
		return err;
	sort_and_drop_doubles(spec->workers, &spec->workers_count);
	return 0;
}

/* A number, or a complaint that names the range and what it counts. */
static int parse_number(const char *text, const char *of, uint64_t min,
                        uint64_t max, uint64_t *value,
                        struct complaint *complaint)
{
	int err = text_number(text, min, max, value);

	if (err)
		complain(complaint, text,
		         "%s must be a number from %llu to %llu", of,
		         (unsigned long long)min, (unsigned long long)max);
	return err;
}

static int parse_limit(struct run_spec *spec, const struct run_text *text,
                       struct complaint *complaint)
{
	uint64_t most = spec->workers[spec->workers_count - 1];
	uint64_t ms;
	int err;

	if (text->time_ms && text->count) {
		complain(complaint, "-t with -n",
		         "a trial is bounded by time or by count");
		complain_cure(complaint, "give one of the two");
		return -EINVAL;
	}
	if (text->count) {
		/* The total of all workers must fit 63 bits. */
		return parse_number(
		        text->count, "the increments of each worker", 1,
		        (uint64_t)INT64_MAX / most, &spec->count, complaint);
	}
	err = parse_number(text->time_ms ? text->time_ms : "100",
	                   "the milliseconds of a trial", 1, RUN_TIME_MAX_MS,
	                   &ms, complaint);
	spec->time_ns = ms * NS_PER_MS;
	return err;
}

static int parse_pin_list(struct run_spec *spec, const char *text,
                          struct complaint *complaint)
{
	struct cpus list = { 0 };
	size_t count = 0;
	int err =
	        text_numbers(text, 0, CPUS_MAX - 1, list.cpu, CPUS_MAX, &count);

	if (err) {
		complain(complaint, text,
		         "pinning is of spread, same, none, smt, or a list of "
		         "CPUs as 0,2-3");
		return err;
	}
	for (size_t i = 0; i < count; i++) {
		if (cpus_contain(&spec->cpus, list.cpu[i]))
			continue;
		complain(complaint, text, "CPU %u is not there, or not allowed",
		         list.cpu[i]);
		complain_cure(complaint, "racelab doctor shows the CPUs");
		return -EINVAL;
	}
	list.count = (unsigned)count;
	spec->cpus = list;
	spec->pins[spec->pins_count++] = RUN_PIN_LIST;
	return 0;
}

static int order_by_core(struct run_spec *spec, struct complaint *complaint)
{
	if (cpus_by_core(&spec->cpus, &spec->cores) > 1)
		return 0;
	complain(complaint, "smt", "no two of the CPUs allowed share a core");
	complain_cure(complaint, "--pin=spread");
	return -EOPNOTSUPP;
}

static bool is_pinned_so(const struct run_spec *spec, enum run_pin pin)
{
	for (size_t i = 0; i < spec->pins_count; i++) {
		if (spec->pins[i] == pin)
			return true;
	}
	return false;
}

/* One word of a list. Whether it is the name of a way to pin. */
static bool add_pin(struct run_spec *spec, const char *word, size_t length)
{
	for (enum run_pin pin = 0; pin < RUN_PIN_LIST; pin++) {
		const char *name = run_pin_name(pin);

		if (strlen(name) != length || strncmp(name, word, length) != 0)
			continue;
		if (!is_pinned_so(spec, pin))
			spec->pins[spec->pins_count++] = pin;
		return true;
	}
	return false;
}

static int parse_pin(struct run_spec *spec, const char *text,
                     struct complaint *complaint)
{
	int err = cpus_allowed(&spec->cpus);

	if (err) {
		complain(complaint, "the CPUs allowed", "%s", strerror(-err));
		return err;
	}
	for (const char *word = text;; word++) {
		size_t length = strcspn(word, ",");

		if (!add_pin(spec, word, length)) {
			spec->pins_count = 0;
			return parse_pin_list(spec, text, complaint);
		}
		word += length;
		if (!*word)
			break;
	}
	return is_pinned_so(spec, RUN_PIN_SMT) ? order_by_core(spec, complaint)
	                                       : 0;
}

/* Nanoseconds of work: OF says where. */
static int parse_load(const char *text, const char *of, unsigned *values,
                      size_t *count, struct complaint *complaint)
{
	int err = text_numbers(text ? text : "0", 0, RUN_LOAD_MAX_NS, values,
	                       RUN_LOADS_MAX, count);

	if (err) {
		complain(complaint, text,
		         "the work %s is a number of ns from 0 to %d, or a "
		         "list of at most %d",
		         of, RUN_LOAD_MAX_NS, RUN_LOADS_MAX);
		return err;
	}
	sort_and_drop_doubles(values, count);
	return 0;
}

static int parse_loads(struct run_spec *spec, const struct run_text *text,
                       struct complaint *complaint)
{
	int err = parse_load(text->inside_ns, "inside", spec->inside_ns,
	                     &spec->insides_count, complaint);

	if (err)
		return err;
	spec->latency = text->latency;
	spec->watched = text->watched;
	spec->where = text->where;
	return parse_load(text->outside_ns, "outside", spec->outside_ns,
	                  &spec->outsides_count, complaint);
}

static int parse_as(struct run_spec *spec, const char *text,
                    struct complaint *complaint)
{
	for (enum run_as as = 0; as <= RUN_AS_THREADS; as++) {
		spec->as = as;
		if (strcmp(text, run_as_name(as)) == 0)
			return 0;
	}
	complain(complaint, text, "workers are processes or threads");
	return -EINVAL;
}

static int parse_memory(struct run_spec *spec, const char *text,
                        struct complaint *complaint)
{
	for (enum arena_family family = 0; family <= ARENA_MEMFD; family++) {
		spec->memory = family;
		if (strcmp(text, arena_family_name(family)) == 0)
			return 0;
	}
	complain(complaint, text,
	         "shared memory is of anon, sysv, posix, file or memfd");
	return -EINVAL;
}

/* What was named must be possible; the plan leaves others out. */
static int check_named(const struct run_spec *spec, const struct run_text *text,
                       struct complaint *complaint)
{
	unsigned workers =
	        spec->workers[text->workers ? spec->workers_count - 1 : 0];
	unsigned inside_ns = spec->inside_ns[spec->insides_count - 1];

	for (size_t i = 0; i < text->strategies_count; i++) {
		const struct sync_strategy *strategy =
		        run_strategy(text->strategies[i]);

		if (!strategy)
			continue; /* "all" */
		if (workers > run_strategy_workers_max(strategy)) {
			complain(complaint, strategy->name,
			         "takes at most %u workers, not %u",
			         run_strategy_workers_max(strategy), workers);
			return -ERANGE;
		}
		if (!run_strategy_can(strategy, workers, inside_ns)) {
			complain(complaint, strategy->name,
			         "adds at once: there is no inside to work in");
			return -EINVAL;
		}
	}
	return 0;
}

static int parse_all(struct run_spec *spec, const struct run_text *text,
                     struct complaint *complaint)
{
	const char *workers = text->workers;
	uint64_t trials;
	int err;

	if (!workers)
		workers = text->workers_default ? text->workers_default : "2";
	err = parse_strategies(spec, text, complaint);
	if (!err)
		err = parse_workers(spec, workers, complaint);
	if (!err)
		err = parse_limit(spec, text, complaint);
	if (!err)
		err = parse_number(text->trials ? text->trials : "5",
		                   "the trials", 1, RUN_TRIALS_MAX, &trials,
		                   complaint);
	if (err)
		return err;
	spec->trials = text->open_end && !text->trials ? 0 : (unsigned)trials;
	spec->seed = random_seed();
	if (text->seed)
		err = parse_number(text->seed, "the seed", 0, UINT64_MAX,
		                   &spec->seed, complaint);
	if (!err)
		err = parse_pin(spec, text->pin ? text->pin : "spread",
		                complaint);
	if (!err)
		err = parse_loads(spec, text, complaint);
	if (!err)
		err = parse_as(spec, text->as ? text->as : "processes",
		               complaint);
	if (!err)
		err = parse_memory(spec, text->memory ? text->memory : "anon",
		                   complaint);
	return err ? err : check_named(spec, text, complaint);
}

int run_spec_parse(struct run_spec *spec, const struct run_text *text,
                   struct complaint *complaint)
{
	int err;

	*spec = (struct run_spec){ 0 };
	complain(complaint, "the specification", "out of memory");
	err = parse_all(spec, text, complaint);
	if (err)
		run_spec_free(spec);
	return err;
}

void run_spec_free(struct run_spec *spec)
{
	free(spec->strategies);
	spec->strategies = NULL;
}

static const struct cpus *cpus_in_order(const struct run_spec *spec,
                                        enum run_pin pin)
{
	return pin == RUN_PIN_SMT ? &spec->cores : &spec->cpus;
}

int run_cpu_of(const struct run_spec *spec, enum run_pin pin, unsigned worker)
{
	const struct cpus *cpus = cpus_in_order(spec, pin);

	if (pin == RUN_PIN_NONE)
		return -1;
	if (pin == RUN_PIN_SAME)
		return (int)cpus->cpu[0];
	return (int)cpus->cpu[worker % cpus->count];
}

void run_cpus_of(const struct run_spec *spec, enum run_pin pin,
                 unsigned workers, struct cpus *used)
{
	const struct cpus *cpus = cpus_in_order(spec, pin);
	unsigned most = cpus->count;

	if (pin == RUN_PIN_SAME)
		most = 1;
	else if (pin != RUN_PIN_NONE && workers < most)
		most = workers;
	used->count = 0;
	/* A list may name a CPU twice. */
	for (unsigned i = 0; i < most; i++) {
		if (!cpus_contain(used, cpus->cpu[i]))
			used->cpu[used->count++] = cpus->cpu[i];
	}
}

unsigned run_cpus_used(const struct run_spec *spec, enum run_pin pin,
                       unsigned workers)
{
	struct cpus used;

	run_cpus_of(spec, pin, workers, &used);
	return used.count < workers ? used.count : workers;
}
