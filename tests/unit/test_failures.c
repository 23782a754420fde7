/*
 * Every call that can fail is made to fail: the first time it is made, the
 * second, and so on. Whatever happens then, nothing may be left behind.
 *
 * The Makefile links this with --wrap for each name of the list.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/run/run.h"
#include "sync/sysv.h"

static const char *failing = ""; /* the name of the call */
static unsigned countdown;       /* the call that fails, from 1 */
static pid_t victim;             /* only here: a worker's failure is not told */
static bool failed;

static bool fails(const char *name, int err)
{
	if (strcmp(failing, name) != 0 || getpid() != victim ||
	    countdown == 0 || --countdown > 0)
		return false;
	failed = true;
	errno = err;
	return true;
}

/* The last queue that was to lose its name, which need not be in any folder. */
static char last_queue[64];

/* NOLINTBEGIN(bugprone-reserved-identifier,bugprone-macro-parentheses,cert-*):
   these are the linker's names, and a type takes no parentheses */

/* The real one, unless it is this one's turn to fail. */
#define WRAP(type, name, parameters, arguments, err, value)                 \
	type __real_##name parameters;                                      \
	type __wrap_##name parameters;                                      \
	type __wrap_##name parameters                                       \
	{                                                                   \
		return fails(#name, err) ? value : __real_##name arguments; \
	}

WRAP(pid_t, fork, (void), (), EAGAIN, -1)
WRAP(void *, mmap, (void *at, size_t n, int p, int f, int fd, off_t o),
     (at, n, p, f, fd, o), ENOMEM, MAP_FAILED)
WRAP(int, pipe2, (int ends[2], int flags), (ends, flags), EMFILE, -1)
WRAP(int, pidfd_open, (pid_t pid, unsigned flags), (pid, flags), EMFILE, -1)
WRAP(int, epoll_create1, (int flags), (flags), EMFILE, -1)
WRAP(int, epoll_ctl, (int e, int op, int fd, struct epoll_event *event),
     (e, op, fd, event), ENOSPC, -1)
WRAP(int, signalfd, (int fd, const sigset_t *set, int flags), (fd, set, flags),
     EMFILE, -1)
WRAP(void *, calloc, (size_t n, size_t size), (n, size), ENOMEM, NULL)
WRAP(int, semget, (key_t key, int n, int flags), (key, n, flags), ENOSPC, -1)
WRAP(int, sem_unlink, (const char *name), (name), EACCES, -1)
WRAP(int, msgget, (key_t key, int flags), (key, flags), ENOSPC, -1)
WRAP(int, msgsnd, (int id, const void *message, size_t size, int flags),
     (id, message, size, flags), EAGAIN, -1)
WRAP(int, socketpair, (int domain, int type, int protocol, int ends[2]),
     (domain, type, protocol, ends), EMFILE, -1)
WRAP(int, eventfd, (unsigned value, int flags), (value, flags), EMFILE, -1)
WRAP(int, memfd_create, (const char *name, unsigned flags), (name, flags),
     EMFILE, -1)

int __real_mq_unlink(const char *name);
int __wrap_mq_unlink(const char *name);
int __wrap_mq_unlink(const char *name)
{
	(void)snprintf(last_queue, sizeof(last_queue), "%s", name);
	return fails("mq_unlink", EACCES) ? -1 : __real_mq_unlink(name);
}
/* NOLINTEND(bugprone-reserved-identifier,bugprone-macro-parentheses,cert-*) */

static unsigned open_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned count = 0;

	cr_assert_not_null(directory, "no /proc/self/fd");
	while (readdir(directory))
		count++;
	(void)closedir(directory);
	return count;
}

/* Semaphore sets whose mark says that this process made them. */
static unsigned own_sets(void)
{
	struct seminfo info;
	union sysv_semun arg = { .array = (unsigned short *)&info };
	int last = semctl(0, 0, SEM_INFO, arg);
	unsigned count = 0;

	for (int index = 0; index <= last; index++) {
		struct semid_ds set = { 0 };
		union sysv_semun out = { .buf = &set };
		int id = semctl(index, 0, SEM_STAT, out);

		count += id >= 0 && set.sem_nsems > 1 &&
		         semctl(id, (int)set.sem_nsems - 1, GETPID) == getpid();
	}
	return count;
}

/* Message queues that this process made: who sent last was the maker or one of
   its workers, so that is in the mark. */
static unsigned own_queues(void)
{
	struct msginfo info;
	int last = msgctl(0, MSG_INFO, (struct msqid_ds *)(void *)&info);
	unsigned count = 0;

	for (int index = 0; index <= last; index++) {
		struct msqid_ds queue = { 0 };
		int id = msgctl(index, MSG_STAT, &queue);
		struct sysv_queue_mark mark;

		count += id >= 0 &&
		         (queue.msg_perm.cuid == geteuid() &&
		          msgrcv(id, &mark, sizeof(mark.maker), 0,
		                 MSG_COPY | IPC_NOWAIT) == sizeof(mark.maker) &&
		          mark.type == SYSV_MARK && mark.maker.pid == getpid());
	}
	return count;
}

static bool is_named(const char *queue)
{
	mqd_t found = *queue ? mq_open(queue, O_RDONLY | O_CLOEXEC) : -1;

	if (found >= 0)
		(void)mq_close(found);
	return found >= 0;
}

static unsigned own_names(void)
{
	char prefix[64];
	DIR *directory = opendir("/dev/shm");
	struct dirent *entry;
	unsigned count = 0;

	(void)snprintf(prefix, sizeof(prefix), "sem.racelab-%ld-",
	               (long)getpid());
	while (directory && (entry = readdir(directory)))
		count += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
	if (directory)
		(void)closedir(directory);
	return count;
}

/* A run of one small trial. Returns the first error, or 0. */
static int run_once(const char *strategy, struct complaint *complaint)
{
	struct run_text text = {
		.strategies = &strategy,
		.strategies_count = 1,
		.workers = "3",
		.count = "10",
	};
	struct run_result *result = NULL;
	struct run_spec spec;
	struct run run;
	int err;

	err = run_spec_parse(&spec, &text, complaint);
	if (err)
		return err;
	err = run_begin(&run, &spec, complaint);
	if (!err) {
		struct run_trial trial = {
			.strategy = spec.strategies[0],
			.workers = 3,
			.count = 10,
		};

		err = run_trial(&run, &trial, &result, complaint);
	}
	free(result);
	run_end(&run);
	run_spec_free(&spec);
	return err;
}

static void expect_nothing_left(const char *call, unsigned turn,
                                unsigned descriptors)
{
	sigset_t blocked;

	cr_assert(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD,
	          "%s %u: a child is left", call, turn);
	cr_assert_eq(open_descriptors(), descriptors,
	             "%s %u: a descriptor is left open", call, turn);
	cr_assert_eq(own_sets(), 0u, "%s %u: a semaphore set is left", call,
	             turn);
	cr_assert_eq(own_queues(), 0u, "%s %u: a message queue is left", call,
	             turn);
	cr_assert_eq(own_names(), 0u, "%s %u: a name is left in /dev/shm", call,
	             turn);
	cr_assert_not(is_named(last_queue), "%s %u: a queue keeps its name",
	              call, turn);
	(void)sigprocmask(SIG_SETMASK, NULL, &blocked);
	cr_assert_not(sigismember(&blocked, SIGINT), "%s %u: SIGINT is held",
	              call, turn);
}

/* Fails the first, the second ... call of CALL, until it is not made so often.
   Returns how often it was. */
static unsigned fail_each(const char *call, const char *strategy)
{
	unsigned descriptors = open_descriptors();

	for (unsigned turn = 1;; turn++) {
		struct complaint complaint = { 0 };
		int err;

		failing = call;
		countdown = turn;
		victim = getpid();
		failed = false;
		err = run_once(strategy, &complaint);
		failing = "";
		expect_nothing_left(call, turn, descriptors);
		if (!failed) {
			cr_assert_eq(err, 0, "%s %u: %d", call, turn, err);
			return turn - 1;
		}
		cr_assert_lt(err, 0, "%s %u: its failure is not told", call,
		             turn);
		cr_assert_neq(complaint.why[0], '\0', "%s %u: not why", call,
		              turn);
	}
}

#define FAILURE_TEST(call, strategy, times)                                    \
	Test(failures, leaves_nothing_when_##call##_fails, .timeout = 120)     \
	{                                                                      \
		unsigned made = fail_each(#call, strategy);                    \
		cr_assert_geq(made, times, "%s was made %u times only", #call, \
		              made);                                           \
	}

FAILURE_TEST(fork, "sysv_sem", 4u)
FAILURE_TEST(mmap, "sysv_sem", 1u)
FAILURE_TEST(pipe2, "sysv_sem", 1u)
FAILURE_TEST(pidfd_open, "sysv_sem", 3u)
FAILURE_TEST(epoll_create1, "sysv_sem", 1u)
FAILURE_TEST(epoll_ctl, "sysv_sem", 4u)
FAILURE_TEST(signalfd, "sysv_sem", 1u)
FAILURE_TEST(calloc, "sysv_sem", 4u)
FAILURE_TEST(semget, "sysv_sem", 1u)
FAILURE_TEST(sem_unlink, "posix_sem", 1u)
FAILURE_TEST(msgget, "sysv_msg", 1u)
FAILURE_TEST(msgsnd, "sysv_msg", 2u)
FAILURE_TEST(mq_unlink, "posix_mq", 1u)
FAILURE_TEST(socketpair, "socketpair_token", 1u)
FAILURE_TEST(eventfd, "eventfd", 1u)
FAILURE_TEST(memfd_create, "flock", 1u)
