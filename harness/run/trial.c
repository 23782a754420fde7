/* One trial: set up the strategy, fork, release, wait, collect. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/run/carrier.h"
#include "harness/run/crew.h"
#include "harness/run/fate.h"
#include "harness/run/gate.h"
#include "harness/run/layout.h"
#include "harness/run/noise.h"
#include "harness/run/run.h"
#include "harness/run/setting.h"
#include "harness/run/slot.h"
#include "harness/run/watchdog.h"
#include "harness/run/worker.h"

/* Everything of one trial, while it lasts. */
struct stage {
	struct run *run;
	const struct run_trial *trial;
	const struct run_spec *place;
	struct layout layout;
	unsigned cpus;
	struct cpus used; /* which they are */
	struct noise_look before;
	uint64_t begun_ns, reaped_ns;
	struct crew crew;
	struct watchdog watchdog;
};

static void *at(const struct stage *stage, size_t offset)
{
	return (char *)stage->run->arena.base + offset;
}

static struct slot *slot_of(const struct stage *stage, unsigned worker)
{
	return at(stage,
	          stage->layout.slots + worker * stage->layout.slot_stride);
}

static struct layout_counter *counter_at(const struct stage *stage)
{
	return at(stage, stage->layout.counter);
}

static uint64_t counter_of(const struct stage *stage)
{
	return __atomic_load_n(&counter_at(stage)->counter, __ATOMIC_RELAXED);
}

static struct sync_notes *notes_of(const struct stage *stage, unsigned worker)
{
	return at(stage,
	          stage->layout.notes + worker * stage->layout.notes_stride);
}

static bool takes_notes(const struct run_trial *trial)
{
	return trial->latency || trial->watched;
}

/* Whether it takes more than the bare loop. */
static bool is_probe(const struct run_trial *trial)
{
	return takes_notes(trial) || trial->inside_ns > 0 ||
	       trial->outside_ns > 0;
}

static struct sync_probe probe_of(const struct stage *stage, unsigned worker)
{
	const struct run_trial *trial = stage->trial;
	double turns_per_ns = stage->run->turns_per_ns;

	return (struct sync_probe){
		.inside = (uint64_t)(turns_per_ns * trial->inside_ns),
		.outside = (uint64_t)(turns_per_ns * trial->outside_ns),
		.timed = trial->latency,
		.watched = takes_notes(trial),
		.holder = &counter_at(stage)->holder,
		.notes = takes_notes(trial) ? notes_of(stage, worker) : NULL,
	};
}

static struct worker worker_of(const void *argument, unsigned index)
{
	const struct stage *stage = argument;
	const struct layout *layout = &stage->layout;
	const struct run_trial *trial = stage->trial;

	return (struct worker){
		.strategy = trial->strategy,
		.ctx = {
			.shared = at(stage, layout->shared),
			.mine = at(stage,
				layout->mine + index * layout->mine_stride),
			.self = index,
			.workers = trial->workers,
		},
		.probing = is_probe(trial),
		.probe = probe_of(stage, index),
		.counter = &counter_at(stage)->counter,
		.gate = at(stage, layout->gate),
		.slot = slot_of(stage, index),
		.common = at(stage, 0),
		.common_bytes = layout->common,
		.mine_bytes = layout->mine_stride,
		.cpu = run_cpu_of(stage->place, trial->pin, index),
		.cpus = stage->cpus,
		.time_ns = trial->time_ns,
		.count = trial->count,
		.events = trial->events,
	};
}

static bool as_threads(const struct stage *stage)
{
	return stage->run->spec->as == RUN_AS_THREADS;
}

static void complain_of_start(const struct stage *stage, int err,
                              unsigned started, struct complaint *complaint)
{
	bool threads = as_threads(stage);

	complain(complaint, "starting", "%s after %u of %u %s", strerror(-err),
	         started, stage->trial->workers,
	         threads ? "threads" : "workers");
	/* pthread_create says the same of a stack that does not fit. */
	if (err == -EAGAIN && threads)
		complain_cure(complaint,
		              "a limit on threads or on memory is reached: see "
		              "ulimit -u and -v, and the cgroup's pids.max; or "
		              "run fewer threads: -w");
	else if (err == -EAGAIN)
		complain_cure(complaint,
		              "the limit on processes is reached: see ulimit "
		              "-u, the cgroup's pids.max, and "
		              "/proc/sys/kernel/pid_max");
	else if (err == -EMFILE || err == -ENFILE)
		complain_cure(complaint, "the limit on open files is reached: "
		                         "see ulimit -n");
	else
		complain_cure(complaint, "run fewer workers: -w");
}

/* What a child is given lives on its own copy of this stack. */
static int fork_all(struct stage *stage)
{
	struct carrier carrier = { stage->trial->workers, worker_of, stage };
	int err = 0;

	if (as_threads(stage))
		return crew_fork(&stage->crew, carrier_main, &carrier);
	for (unsigned i = 0; i < stage->trial->workers && !err; i++) {
		struct worker worker = worker_of(stage, i);

		err = crew_fork(&stage->crew, worker_main, &worker);
	}
	return err;
}

static int start(struct stage *stage, struct complaint *complaint)
{
	unsigned workers = stage->trial->workers;
	int err;

	err = crew_begin(&stage->crew, workers, as_threads(stage),
	                 stage->run->signals.fd);
	if (!err)
		err = fork_all(stage);
	if (!err)
		err = crew_watch(&stage->crew);
	if (err)
		complain_of_start(stage, err, stage->crew.started, complaint);
	return err;
}

/*
 * A process has ended. A worker that never got through the gate would be waited for:
 * without it the others cannot start, or would think that they are not all yet.
 */
static void note_end(struct stage *stage, unsigned which)
{
	struct gate *gate = at(stage, stage->layout.gate);

	if (as_threads(stage) || slot_of(stage, which)->started)
		return;
	if (__atomic_load_n(&gate->open, __ATOMIC_ACQUIRE))
		gate_start(gate);
	else
		crew_kill_all(&stage->crew, FATE_ABANDONED);
}

static uint64_t progress_of(const struct stage *stage)
{
	uint64_t sum = counter_of(stage);

	for (unsigned i = 0; i < stage->trial->workers; i++)
		sum += __atomic_load_n(&slot_of(stage, i)->done,
		                       __ATOMIC_RELAXED);
	return sum;
}

static void look(struct stage *stage)
{
	for (unsigned i = 0; i < stage->trial->workers; i++)
		stage->watchdog.entry[i].thread = __atomic_load_n(
		        &slot_of(stage, i)->tid, __ATOMIC_RELAXED);
	watchdog_look(&stage->watchdog, &stage->crew, progress_of(stage));
}

/* Sleeps until all workers are gone. */
static int wait_for_all(struct stage *stage)
{
	uint64_t look_at = clock_now_ns() + WATCHDOG_MS * NS_PER_MS;
	unsigned which;

	while (stage->crew.alive > 0) {
		int event = crew_wait(&stage->crew, WATCHDOG_MS, &which);

		if (event < 0)
			return event;
		if (event == CREW_ENDED)
			note_end(stage, which);
		if (event == CREW_SIGNAL) {
			signals_take(&stage->run->signals);
			return -EINTR;
		}
		if (clock_now_ns() < look_at)
			continue;
		look(stage);
		look_at = clock_now_ns() + WATCHDOG_MS * NS_PER_MS;
	}
	return 0;
}

/* Whether some worker ended before it passed the gate. */
static bool one_never_started(const struct stage *stage)
{
	for (unsigned i = 0; i < stage->trial->workers; i++) {
		const struct slot *slot = slot_of(stage, i);

		if (slot->left && !slot->started)
			return true;
	}
	return false;
}

static void set_counts(struct worker_result *worker, const struct slot *slot)
{
	for (int i = 0; i < RUN_COUNTS; i++)
		worker->count[i] =
		        slot->finished ? slot->count[i] : RUN_COUNT_UNKNOWN;
}

static struct worker_result worker_result_of(const struct stage *stage,
                                             unsigned index, bool others)
{
	const struct slot *slot = slot_of(stage, index);
	struct worker_result worker = {
		.begun = slot->begun,
		.done = slot->done,
		.cpu = -1,
	};

	fate_find(&stage->crew, index, slot, others, &worker);
	set_counts(&worker, slot);
	if (!slot->finished)
		return worker;
	worker.start_ns = slot->start_ns;
	worker.stop_ns = slot->stop_ns;
	worker.user_ns = slot->user_ns;
	worker.system_ns = slot->system_ns;
	worker.voluntary = slot->voluntary;
	worker.involuntary = slot->involuntary;
	worker.preempted = slot->preempted;
	worker.cpu = slot->cpu;
	return worker;
}

static void collect_notes(const struct stage *stage, struct run_result *result)
{
	struct run_notes *all = &result->notes;

	all->timed = stage->trial->latency;
	all->watched = takes_notes(stage->trial);
	if (!all->watched)
		return;
	all->ns_per_tick = run_ns_per_tick(stage->run);
	for (unsigned i = 0; i < result->workers; i++) {
		const struct sync_notes *notes = notes_of(stage, i);

		for (unsigned j = 0; j < SYNC_BUCKETS; j++) {
			all->latency[j] += notes->latency[j];
			all->rollback[j] += notes->rollback[j];
		}
		all->handovers += notes->handovers;
		result->worker[i].longest_ns =
		        (uint64_t)(all->ns_per_tick * (double)notes->longest);
	}
}

/* Whether each worker has a CPU that no other worker may use. */
static bool is_alone(const struct stage *stage)
{
	return stage->trial->pin != RUN_PIN_NONE &&
	       stage->cpus == stage->trial->workers;
}

static void collect_noise(const struct stage *stage, struct run_result *result)
{
	struct noise_look after = noise_look(&stage->used);

	result->noise = noise_between(&stage->run->clocks, &stage->before,
	                              &after, stage->used.count);
	noise_judge(result, is_alone(stage));
}

static void collect_times(const struct stage *stage, struct run_result *result)
{
	const struct gate *gate = at(stage, stage->layout.gate);
	uint64_t last_ns = 0;

	for (unsigned i = 0; i < result->workers; i++) {
		if (result->worker[i].stop_ns > last_ns)
			last_ns = result->worker[i].stop_ns;
	}
	if (gate->deadline_ns > stage->begun_ns)
		result->setup_ns = gate->deadline_ns - stage->begun_ns;
	if (last_ns > 0 && stage->reaped_ns > last_ns)
		result->reap_ns = stage->reaped_ns - last_ns;
}

static int collect(const struct stage *stage, struct run_result **result)
{
	const struct sync_strategy *strategy = stage->trial->strategy;
	unsigned workers = stage->trial->workers;
	struct run_result *out = run_result_new(strategy, workers, stage->cpus);
	bool others;

	if (!out)
		return -ENOMEM;
	out->counter = counter_of(stage);
	out->observed =
	        strategy->ops->total
	                ? strategy->ops->total(at(stage, stage->layout.shared),
	                                       workers,
	                                       at(stage, stage->layout.counter))
	                : out->counter;
	others = one_never_started(stage);
	for (unsigned i = 0; i < workers; i++)
		out->worker[i] = worker_result_of(stage, i, others);
	out->point = (struct run_point){
		.pin = run_pin_name(stage->trial->pin),
		.inside_ns = stage->trial->inside_ns,
		.outside_ns = stage->trial->outside_ns,
	};
	out->counted = stage->trial->events;
	collect_times(stage, out);
	collect_notes(stage, out);
	collect_noise(stage, out);
	*result = out;
	return 0;
}

/* Threads that the carrier could not make. */
static int check_born(const struct stage *stage, struct complaint *complaint)
{
	for (unsigned i = 0; i < stage->trial->workers; i++) {
		int err = slot_of(stage, i)->unborn;

		if (err) {
			complain_of_start(stage, err, i, complaint);
			return err;
		}
	}
	return 0;
}

static int stage_play(struct stage *stage, struct run_result **result,
                      struct complaint *complaint)
{
	int err = watchdog_begin(&stage->watchdog, stage->trial->workers);

	run_cpus_of(stage->place, stage->trial->pin, stage->trial->workers,
	            &stage->used);
	stage->before = noise_look(&stage->used);
	stage->begun_ns = clock_now_ns();
	if (!err)
		err = start(stage, complaint);
	if (!err)
		err = wait_for_all(stage);
	stage->reaped_ns = clock_now_ns();
	if (!err)
		err = check_born(stage, complaint);
	if (!err)
		err = collect(stage, result);
	crew_end(&stage->crew);
	watchdog_end(&stage->watchdog);
	return err;
}

int run_trial(struct run *run, const struct run_trial *trial,
              struct run_result **result, struct complaint *complaint)
{
	const struct sync_ops *ops = trial->strategy->ops;
	const struct run_spec *place = trial->place ? trial->place : run->spec;
	struct stage stage = {
		.run = run,
		.trial = trial,
		.place = place,
		.layout = layout_of(ops, trial->workers, takes_notes(trial)),
		.cpus = run_cpus_used(place, trial->pin, trial->workers),
		.crew = { .poll = -1 },
	};
	int err = setting_begin(run, trial->strategy, &stage.layout,
	                        trial->workers, complaint);

	if (!err)
		err = stage_play(&stage, result, complaint);
	setting_end(run, trial->strategy, &stage.layout);
	return err;
}

bool run_impossible_here(int err)
{
	return err == -EOPNOTSUPP || err == -ENOSYS || err == -EACCES ||
	       err == -EPERM || err == -EROFS || err == -ENOENT;
}
