/*
 * The harness is killed while a trial runs. This test is the subreaper of what
 * is orphaned then: when nobody is left to wait for, everybody is gone.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/process.h"
#include "harness/fault/gc.h"
#include "harness/run/run.h"
#include "harness/run/spec.h"
#include "sync/sysv.h"

/* What the workers tell the test, over a pipe, once they are at work. */
struct news {
	int set;       /* the semaphore set in use */
	int queue;     /* and the message queue */
	pid_t harness; /* their parent */
};

static int news_pipe[2];

struct telling {
	struct sysv_set set;
	struct sysv_queue queue;
};

/* A System V semaphore whose first worker tells, and which then never ends. */
static int telling_lock(struct sync_ctx *ctx)
{
	const struct telling *this = ctx->shared;
	struct news news = { .set = this->set.id,
		             .queue = this->queue.id,
		             .harness = getppid() };

	if (ctx->self == 0 &&
	    write(news_pipe[1], &news, sizeof(news)) != sizeof(news))
		return -EIO;
	for (;;)
		(void)pause();
	return 0;
}

static int telling_unlock(struct sync_ctx *ctx)
{
	(void)ctx;
	return 0;
}

static int telling_init(void *shared, unsigned workers)
{
	struct telling *this = shared;
	int err = sysv_set_make(&this->set, 1, 1);

	(void)workers;
	return err ? err : sysv_queue_make(&this->queue);
}

static void telling_destroy(void *shared)
{
	struct telling *this = shared;

	sysv_set_remove(&this->set);
	sysv_queue_remove(&this->queue);
}

SYNC_STRATEGY(fixture_telling) = {
	.summary = "tells the test which set and queue it uses",
	.shared_size = sizeof(struct telling),
	.init = telling_init,
	.destroy = telling_destroy,
	.lock = telling_lock,
	.unlock = telling_unlock,
};

static void harness(void *argument)
{
	static const char *const names[] = { "sysv_sem" };
	struct run_text text = { .strategies = names, .strategies_count = 1 };
	struct run_trial trial = {
		.strategy = &sync_fixture_telling,
		.workers = 2,
		.count = 1,
	};
	struct complaint complaint;
	struct run_result *result;
	struct run_spec spec;
	struct run run;

	(void)argument;
	(void)setpgid(0, 0); /* a group of its own, to be killed as one */
	if (run_spec_parse(&spec, &text, &complaint) == 0 &&
	    run_begin(&run, &spec, &complaint) == 0)
		(void)run_trial(&run, &trial, &result, &complaint);
}

static bool exists(int set)
{
	return semctl(set, 0, GETVAL) >= 0;
}

static bool exists_queue(int id)
{
	struct msqid_ds queue;

	return msgctl(id, IPC_STAT, &queue) == 0;
}

/* Whether the kernel shows messages without receiving them: MSG_COPY. */
static bool shows_messages(void)
{
	return access("/proc/sys/kernel/msg_next_id", F_OK) == 0;
}

/* Starts a harness and returns when its workers are at work. */
static struct news start(void)
{
	struct news news = { 0 };

	cr_assert_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0, "no subreaper");
	cr_assert_eq(pipe(news_pipe), 0, "no pipe");
	cr_assert_gt(process_fork(harness, NULL), 0, "no fork");
	cr_assert_eq(read(news_pipe[0], &news, sizeof(news)),
	             (ssize_t)sizeof(news), "no news");
	cr_assert_geq(semctl(news.set, 0, GETVAL), 0, "the set is not there");
	cr_assert(exists_queue(news.queue), "the queue is not there");
	return news;
}

/* Waits for the harness, its workers and its janitor: all become ours. */
static void wait_for_all(void)
{
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		continue;
}

Test(janitor, cleans_up_after_a_killed_harness, .timeout = 60)
{
	struct news news = start();

	(void)kill(news.harness, SIGKILL);
	wait_for_all();
	cr_assert_not(exists(news.set), "the semaphore set is left");
	cr_assert_not(exists_queue(news.queue), "the message queue is left");
}

Test(janitor, cleans_up_after_the_whole_group_was_killed, .timeout = 60)
{
	struct news news = start();

	(void)kill(-news.harness, SIGKILL);
	wait_for_all();
	cr_assert_not(exists(news.set), "the semaphore set is left");
	cr_assert_not(exists_queue(news.queue), "the message queue is left");
}

Test(janitor, no_worker_outlives_the_harness, .timeout = 60)
{
	struct news news = start();

	/* Only the harness: its workers get no signal but the kernel's. */
	(void)kill(news.harness, SIGKILL);
	wait_for_all();
	cr_assert(kill(-news.harness, 0) < 0 && errno == ESRCH,
	          "somebody of the group is alive");
}

/* The janitor is the child of the harness that ignores SIGTERM. */
static pid_t find_janitor(pid_t parent)
{
	char path[64], name[32] = "";
	FILE *file;
	long pid = 0;

	(void)snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children",
	               (long)parent, (long)parent);
	file = fopen(path, "re");
	while (file && fscanf(file, "%ld", &pid) == 1) {
		FILE *comm;

		(void)snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
		comm = fopen(path, "re");
		if (comm && fgets(name, sizeof(name), comm) &&
		    strcmp(name, "racelab-janitor\n") == 0) {
			(void)fclose(comm);
			break;
		}
		if (comm)
			(void)fclose(comm);
		pid = 0;
	}
	if (file)
		(void)fclose(file);
	return (pid_t)pid;
}

Test(janitor, what_even_it_misses_is_collected_later, .timeout = 60)
{
	struct news news = start();
	pid_t janitor = find_janitor(news.harness);
	struct gc_found found;

	if (janitor == 0)
		cr_skip_test("/proc does not tell a process's children here");
	cr_assert_eq(gc_collect(&found), 0, "gc failed");
	cr_assert(exists(news.set), "gc removed a set that is in use");
	cr_assert(exists_queue(news.queue), "gc removed a queue in use");
	(void)kill(janitor, SIGKILL);
	(void)kill(news.harness, SIGKILL);
	wait_for_all();
	cr_assert(exists(news.set), "who removed it, with both killed?");
	cr_assert(exists_queue(news.queue), "who removed it?");
	cr_assert_eq(gc_collect(&found), 0, "gc failed");
	cr_assert_not(exists(news.set), "gc left the set of a dead harness");
	if (shows_messages())
		cr_assert_not(exists_queue(news.queue),
		              "gc left the queue of a dead harness");
	(void)msgctl(news.queue, IPC_RMID, NULL);
}

Test(janitor, a_foreign_set_is_not_collected)
{
	int set = semget(IPC_PRIVATE, 2, IPC_CREAT | IPC_EXCL | 0600);
	struct gc_found found;

	cr_assert_geq(set, 0, "no set");
	cr_assert_eq(gc_collect(&found), 0, "gc failed");
	cr_assert(exists(set), "gc removed a set without the mark");
	(void)semctl(set, 0, IPC_RMID);
}

/* --- queues that look like ours, but for one thing */

struct message {
	long type;
	struct maker maker;
	char more[8];
};

static void nothing(void *argument)
{
	(void)argument;
}

/* The mark as somebody would have left it who is dead now. */
static struct message dead_mark(void)
{
	struct message mark = { .type = SYSV_MARK, .maker = maker_self() };

	mark.maker.pid = process_fork(nothing, NULL);
	cr_assert_gt(mark.maker.pid, 0, "no fork");
	(void)process_reap((pid_t)mark.maker.pid);
	return mark;
}

/* Whether gc leaves a queue of that mode with that first message alone. */
static bool is_left_alone(int mode, const struct message *first, size_t size)
{
	struct message mark = dead_mark();
	int queue = msgget(IPC_PRIVATE, IPC_CREAT | IPC_EXCL | mode);
	struct gc_found found;
	bool left;

	cr_assert_geq(queue, 0, "no queue");
	if (first)
		cr_assert_eq(msgsnd(queue, first, size, IPC_NOWAIT), 0,
		             "no message");
	cr_assert_eq(msgsnd(queue, &mark, sizeof(mark.maker), IPC_NOWAIT), 0,
	             "no second message");
	cr_assert_eq(gc_collect(&found), 0, "gc failed");
	left = exists_queue(queue);
	(void)msgctl(queue, IPC_RMID, NULL);
	return left;
}

Test(janitor, a_queue_with_the_mark_of_a_dead_maker_is_collected)
{
	if (!shows_messages())
		cr_skip_test("this kernel has no MSG_COPY");
	cr_assert_not(is_left_alone(0600, NULL, 0), "it is left");
}

Test(janitor, a_foreign_queue_is_not_collected)
{
	const size_t size = sizeof(struct maker);
	const struct message mark = dead_mark();
	struct message wrong = mark;

	cr_expect(is_left_alone(0640, NULL, 0), "others may read it");
	wrong.type++;
	cr_expect(is_left_alone(0600, &wrong, size), "another type");
	cr_expect(is_left_alone(0600, &mark, size - 1), "a shorter one");
	cr_expect(is_left_alone(0600, &mark, size + 1), "a longer one");
	wrong = mark;
	wrong.maker.space++;
	cr_expect(is_left_alone(0600, &wrong, size), "another namespace");
	wrong.maker.space = 0;
	cr_expect(is_left_alone(0600, &wrong, size), "an unknown namespace");
	wrong = mark;
	wrong.maker.pid = 0;
	cr_expect(is_left_alone(0600, &wrong, size), "no maker");
	wrong.maker.pid = getpid();
	cr_expect(is_left_alone(0600, &wrong, size), "the maker lives");
}

/* The queue of a strategy keeps its mark, however often the token is passed. */
Test(janitor, the_mark_stays_in_the_queue)
{
	const struct sync_strategy *strategy = run_strategy("sysv_msg");
	struct sysv_queue shared = { 0 };
	struct sync_ctx ctx = { .shared = &shared, .workers = 1 };
	struct gc_found found;
	uint64_t counter = 0, done;

	cr_assert_eq(strategy->ops->init(&shared, 1), 0, "no init");
	cr_assert_eq(strategy->loop(&ctx, &counter, 100, &done), 0, "no loop");
	cr_expect_eq(counter, 100u, "lost");
	cr_assert_eq(gc_collect(&found), 0, "gc failed");
	cr_expect(exists_queue(shared.id), "gc removed a queue in use");
	if (shows_messages())
		cr_expect_geq(found.alive, 1u, "the mark is gone");
	strategy->ops->destroy(&shared);
	cr_expect_not(exists_queue(shared.id), "the queue is left");
}
