#include "twin.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/base/process.h"
#include "twin_fiber.h"
#include "twin_real.h"

enum {
	STEPS = 40,
	KILL_ONE_IN = 20,
	SETUPS_MAX = 8,
	COMPLAINT = 1000,
};

/* What the real workers have done since the model followed them. */
struct outcome {
	enum real_state state;
	struct twin_reply reply;
};

/* Shared with the child that compares. */
struct shared {
	struct twin_side real;
	char complaint[COMPLAINT];
};

static struct shared *shared;
static const struct twin_test *test;
static struct outcome outcomes[TWIN_WORKERS + 1];
static struct twin_command commands[TWIN_WORKERS + 1];
static const char *wrong; /* in the model itself */
static unsigned alive;    /* a set */

__attribute__((format(printf, 1, 2))) static bool complain(const char *format,
                                                           ...)
{
	va_list rest;

	va_start(rest, format);
	(void)vsnprintf(shared->complaint, sizeof(shared->complaint), format,
	                rest);
	va_end(rest);
	return false;
}

/* --- the model follows */

static bool same(const struct twin_reply *a, const struct twin_reply *b)
{
	return a->result == b->result && a->err == b->err &&
	       memcmp(a->data, b->data, sizeof(a->data)) == 0;
}

/* Whether what the fiber has come to is what the real one may still do. */
static bool fits(unsigned worker)
{
	const struct fiber *fiber = &world.fibers[worker];
	const struct outcome *outcome = &outcomes[worker];

	if (fiber->state != FIBER_DONE)
		return true;
	return outcome->state == REAL_REPLIED &&
	       same(&fiber->reply, &outcome->reply);
}

/* Nothing can go on: whether all have come as far as the real ones. */
static bool arrived(void)
{
	for (unsigned i = 0; i <= TWIN_PARENT; i++) {
		if (outcomes[i].state == REAL_REPLIED &&
		    world.fibers[i].state != FIBER_DONE)
			return false;
	}
	return true;
}

struct options {
	unsigned ways[TWIN_WORKERS + 1];
	unsigned count;
};

static struct options look_around(void)
{
	struct options options = { .count = 0 };

	for (unsigned i = 0; i <= TWIN_PARENT; i++) {
		if (world.fibers[i].state == FIBER_POSTED)
			options.ways[i] = world_ways(i, &wrong);
		options.count += options.ways[i];
	}
	return options;
}

/* Whether some order and some ways lead to where the real workers are. As deep as
 * there are calls before them, which are few. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static bool follow(void)
{
	struct options options = look_around();
	struct world *before = NULL;
	bool found = false;

	if (options.count == 0)
		return arrived();
	if (options.count > 1) {
		before = malloc(sizeof(*before));
		if (!before)
			return false;
		*before = world;
	}
	for (unsigned i = 0; i <= TWIN_PARENT && !found; i++) {
		for (unsigned way = 0; way < options.ways[i] && !found; way++) {
			if (before)
				world = *before;
			world_go(i, way);
			found = fits(i) && follow();
		}
	}
	free(before);
	return found;
}

/* --- one step */

/* Waits for all that are inside, until no one moves any more. */
static bool settle(unsigned first)
{
	for (unsigned quiet = 0; quiet < 2; quiet++) {
		for (unsigned n = 0; n < TWIN_WORKERS; n++) {
			unsigned i = (first + n) % TWIN_WORKERS;
			struct outcome *outcome = &outcomes[i];

			if (outcome->state != REAL_ASLEEP)
				continue;
			outcome->state = real_wait(i, commands[i].prompt,
			                           &outcome->reply);
			if (outcome->state == REAL_REPLIED)
				quiet = 0;
			if (outcome->state == REAL_LOST)
				return complain("worker %u neither replies "
				                "nor sleeps",
				                i);
		}
	}
	return true;
}

static const char *const real_states[] = {
	[REAL_IDLE] = "idle",    [REAL_REPLIED] = "returned",
	[REAL_ASLEEP] = "waits", [REAL_DEAD] = "dead",
	[REAL_LOST] = "lost",
};

static const char *const fiber_states[] = {
	[FIBER_IDLE] = "idle",
	[FIBER_POSTED] = "waits",
	[FIBER_DONE] = "returned",
	[FIBER_DEAD] = "dead",
};

/* Where everybody is, as lines of text. */
static bool describe(void)
{
	char *text = shared->complaint;
	size_t used = 0;

	for (unsigned i = 0; i <= TWIN_PARENT; i++) {
		const struct twin_reply *real = &outcomes[i].reply;
		const struct fiber *fiber = &world.fibers[i];
		const int *args = commands[i].args;

		used += (size_t)snprintf(
		        text + used, COMPLAINT - used,
		        "%c: command %d (%d %d %d %d): real %s %lld/%d, "
		        "model %s %lld/%d\n  ",
		        (int)('A' + i), commands[i].what, args[0], args[1],
		        args[2], args[3], real_states[outcomes[i].state],
		        (long long)real->result, real->err,
		        fiber_states[fiber->state],
		        (long long)fiber->reply.result, fiber->reply.err);
	}
	return false;
}

static bool model_follows(void)
{
	bool found = follow();

	if (world.refused)
		return complain("refused: %s", world.refused);
	if (wrong)
		return complain("%s", wrong);
	if (world.model.full)
		return complain("the model is full");
	if (!found)
		return describe();
	for (unsigned i = 0; i <= TWIN_PARENT; i++) {
		if (outcomes[i].state != REAL_REPLIED)
			continue;
		outcomes[i].state = REAL_IDLE;
		world.fibers[i].state = FIBER_IDLE;
	}
	return true;
}

static bool step(struct random *random, unsigned worker)
{
	struct twin_command *command = &commands[worker];

	memset(command, 0, sizeof(*command));
	test->draw(random, worker, command);
	world_start(test, worker, command);
	if (!fits(worker) && world.fibers[worker].state != FIBER_DONE)
		return complain("it did not begin");
	real_send(worker, command);
	outcomes[worker].state = REAL_ASLEEP; /* as far as we know */
	return settle(worker) && model_follows();
}

static bool kill_one(unsigned worker)
{
	real_kill(worker);
	world_kill(worker);
	shared->real.deaths++;
	world.side.deaths++;
	alive &= ~(1u << worker);
	outcomes[worker].state = REAL_DEAD;
	return settle(worker) && model_follows();
}

/* --- a sequence */

static bool set_up(void)
{
	struct twin_reply replies[SETUPS_MAX];
	int err = real_begin(test, &shared->real, replies);

	if (err != 0)
		return complain("no real side: %d", err);
	for (unsigned i = 0; i < test->setups; i++) {
		commands[TWIN_PARENT] = test->setup[i];
		world_start(test, TWIN_PARENT, &test->setup[i]);
		outcomes[TWIN_PARENT].state = REAL_REPLIED;
		outcomes[TWIN_PARENT].reply = replies[i];
		if (!model_follows())
			return false;
	}
	err = real_fork();
	return err == 0 || complain("no real workers: %d", err);
}

static bool compare(struct random *random)
{
	alive = (1u << TWIN_WORKERS) - 1;
	memset(outcomes, 0, sizeof(outcomes));
	world_reset();
	if (!set_up())
		return false;
	for (unsigned i = 0; i < STEPS && alive; i++) {
		unsigned worker = (unsigned)random_below(random, TWIN_WORKERS);
		bool kills = random_below(random, KILL_ONE_IN) == 0;

		if (!(alive >> worker & 1))
			continue;
		if (kills && !kill_one(worker))
			return false;
		if (!kills && outcomes[worker].state == REAL_IDLE &&
		    !step(random, worker))
			return false;
	}
	return true;
}

static void prepare(struct twin_side *real)
{
	const char *folder = getenv("TMPDIR");

	memset(real, 0, sizeof(*real));
	for (int i = 0; i < TWIN_IDS; i++)
		real->ids[i] = -1;
	real->key = (int)getpid() << 8;
	(void)snprintf(real->folder, sizeof(real->folder), "%s/twin-XXXXXX",
	               folder ? folder : "/tmp");
	if (!mkdtemp(real->folder))
		real->folder[0] = 0;
}

static void tidy(const struct twin_side *real)
{
	if (test->clean && real->folder[0])
		test->clean(real);
	(void)rmdir(real->folder);
}

static void compare_all(void *sequences)
{
	for (unsigned i = 0; i < *(unsigned *)sequences; i++) {
		struct random random = { .state = i };
		char *complaint = shared->complaint;
		bool good;

		prepare(&shared->real);
		good = compare(&random);
		real_end();
		tidy(&shared->real);
		if (good)
			continue;
		(void)snprintf(complaint + strlen(complaint),
		               COMPLAINT - strlen(complaint), " in sequence %u",
		               i);
		return;
	}
}

/* In a child: whatever happens to it, what it has made is removed here. */
const char *twin_compare(const struct twin_test *what, unsigned sequences)
{
	int status;
	pid_t pid;

	test = what;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return "no memory";
	pid = process_fork(compare_all, &sequences);
	if (pid < 0)
		return "no process";
	status = process_reap(pid);
	if (status != 0) {
		tidy(&shared->real);
		(void)complain("it ended with status %#x", (unsigned)status);
	}
	return shared->complaint[0] ? shared->complaint : NULL;
}

static const char *carry_out(const struct twin_command *command)
{
	struct fiber *fiber = &world.fibers[0];

	world_start(test, 0, command);
	while (fiber->state == FIBER_POSTED) {
		if (world_ways(0, &wrong) == 0)
			return "it waits";
		world_go(0, 0);
	}
	if (world.refused)
		return world.refused;
	return fiber->reply.result < 0 ? "it fails" : NULL;
}

const char *twin_returns(const struct twin_test *what,
                         const struct twin_command *todo, unsigned count)
{
	static struct model once;

	test = what;
	world_reset();
	for (unsigned i = 0; i < 2 * count; i++) {
		const char *complaint = carry_out(&todo[i % count]);

		if (complaint)
			return complaint;
		if (i + 1 == count)
			once = world.model;
	}
	if (wrong)
		return wrong;
	return once.used == world.model.used &&
	                       memcmp(once.bytes, world.model.bytes,
	                              once.used) == 0
	               ? NULL
	               : "the same situation is other bytes";
}
