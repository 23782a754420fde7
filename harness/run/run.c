#include "harness/run/run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/run/control.h"
#include "harness/run/layout.h"
#include "harness/run/limits.h"

static unsigned most_of(const struct run_spec *spec)
{
	return spec->workers[spec->workers_count - 1];
}

/* The controls have a worker on each CPU. */
static unsigned most_with_controls(const struct run_spec *spec)
{
	struct cpus allowed = { 0 };

	(void)cpus_allowed(&allowed); /* who needs it will fail, and say so */
	return allowed.count > most_of(spec) ? allowed.count : most_of(spec);
}

/* Enough for every trial of the spec, and for the controls. */
static size_t bytes_needed(const struct run_spec *spec)
{
	unsigned most = most_of(spec);
	bool notes = spec->latency || spec->watched;
	size_t needed =
	        layout_of(control_empty_ops(), most_with_controls(spec), false)
	                .bytes;

	for (size_t i = 0; i < spec->strategies_count; i++) {
		size_t bytes =
		        layout_of(spec->strategies[i]->ops, most, notes).bytes;

		needed = bytes > needed ? bytes : needed;
	}
	return needed;
}

/* The lists are sorted: the last is the most. */
static bool has_load(const struct run_spec *spec)
{
	return spec->inside_ns[spec->insides_count - 1] > 0 ||
	       spec->outside_ns[spec->outsides_count - 1] > 0;
}

static const char *cure_of(enum arena_family family, int err)
{
	bool full = err == -ENOSPC || err == -EDQUOT;

	if (run_impossible_here(err))
		return family == ARENA_FILE ? "name another folder in TMPDIR"
		                            : "use memory of another family: "
		                              "--in=anon";
	if (family == ARENA_SYSV && (full || err == -EINVAL))
		return "a kernel limit (SHMMAX, SHMALL or SHMMNI): see ipcs "
		       "-lm; or --in=anon";
	if (family == ARENA_POSIX && full)
		return "/dev/shm is full: see df /dev/shm; or --in=anon";
	if (family == ARENA_FILE && full)
		return "the disk is full: name another folder in TMPDIR; or "
		       "--in=anon";
	return err == -EFBIG ? "the limit on the size of a file: see ulimit -f"
	                     : "run fewer workers: -w";
}

static void complain_of_memory(enum arena_family family, size_t bytes, int err,
                               struct complaint *complaint)
{
	const char *name = arena_family_name(family);
	char what[64];

	(void)snprintf(what, sizeof(what), "shared memory%s%s",
	               family == ARENA_ANON ? "" : " in ",
	               family == ARENA_ANON ? "" : name);
	if (family == ARENA_FILE)
		complain(complaint, what, "%zu bytes in %s: %s", bytes,
		         arena_folder(), strerror(-err));
	else
		complain(complaint, what, "%zu bytes: %s", bytes,
		         strerror(-err));
	complain_cure(complaint, "%s", cure_of(family, err));
}

int run_begin(struct run *run, const struct run_spec *spec,
              struct complaint *complaint)
{
	size_t bytes = bytes_needed(spec);
	int err;

	*run = (struct run){ .spec = spec,
		             .signals = { .fd = -1 },
		             .clocks = noise_clocks_now() };
	if (has_load(spec))
		run->turns_per_ns = control_turns_per_ns();
	err = limits_allow(most_with_controls(spec), spec->as == RUN_AS_THREADS,
	                   complaint);
	if (err)
		return err;
	err = arena_map_in(&run->arena, bytes, spec->memory);
	if (err) {
		complain_of_memory(spec->memory, bytes, err, complaint);
		return err;
	}
	err = janitor_start(&run->janitor, run->arena.base);
	if (!err)
		err = signals_hold(&run->signals);
	if (err) {
		complain(complaint, "starting", "%s", strerror(-err));
		complain_cure(
		        complaint,
		        "see ulimit -u for processes and ulimit -n for files");
	}
	return err;
}

void run_end(struct run *run)
{
	signals_release(&run->signals);
	janitor_stop(&run->janitor);
	arena_unmap(&run->arena);
}

double run_ns_per_tick(const struct run *run)
{
	return (double)(clock_now_ns() - run->clocks.ns) /
	       (double)(cpu_ticks() - run->clocks.ticks);
}
