/* Limits that are looked at before a run: on made-up systems, and on this one. */
#include "harness/run/limits.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static struct complaint complaint;

/* A system without a limit, on which 100 tasks are and 10 files are open. */
static struct limits no_limits(void)
{
	struct limits limits;

	for (enum limit_name i = LIMIT_USER; i <= LIMIT_MEMORY; i++)
		limits.of[i] = (struct limit){
			.most = UINT64_MAX,
			.used = i == LIMIT_FILES ? 10 : 100,
		};
	return limits;
}

static int check(const struct limits *limits)
{
	static const struct limits_need need = {
		.who = "50 workers",
		.fewer = "run fewer workers: -w",
		.tasks = 52,
		.files = 54,
		.memory_kb = 500,
	};

	memset(&complaint, 0, sizeof(complaint));
	return limits_check(limits, &need, &complaint);
}

Test(limits, without_any_all_is_well)
{
	struct limits limits = no_limits();

	cr_expect_eq(check(&limits), 0, "%s", complaint.why);
}

Test(limits, each_has_room_for_the_last_and_names_the_cure_for_one_more)
{
	static const struct {
		enum limit_name name;
		unsigned enough;
		int err;
		const char *cure;
	} tries[] = {
		{ LIMIT_USER, 152, -EAGAIN, "ulimit -u" },
		{ LIMIT_CGROUP, 152, -EAGAIN, "pids.max" },
		{ LIMIT_PIDS, 152, -EAGAIN, "pid_max" },
		{ LIMIT_THREADS, 152, -EAGAIN, "threads-max" },
		{ LIMIT_FILES, 64, -EMFILE, "ulimit -n" },
		{ LIMIT_MEMORY, 600, -ENOMEM, "ulimit -v" },
	};

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		struct limits limits = no_limits();
		char number[16];

		limits.of[tries[i].name].most = tries[i].enough;
		cr_expect_eq(check(&limits), 0, "%s: %s", tries[i].cure,
		             complaint.why);
		limits.of[tries[i].name].most--;
		cr_expect_eq(check(&limits), tries[i].err, "%s: one too many",
		             tries[i].cure);
		cr_expect_str_eq(complaint.what, "50 workers", "%s",
		                 complaint.what);
		cr_expect(strstr(complaint.cure, tries[i].cure), "%s",
		          complaint.cure);
		(void)snprintf(number, sizeof(number), "%u",
		               tries[i].enough - 1);
		cr_expect(strstr(complaint.why, number), "%s: not how much: %s",
		          tries[i].cure, complaint.why);
	}
}

Test(limits, a_system_that_is_full_already_has_no_room)
{
	struct limits limits = no_limits();

	limits.of[LIMIT_CGROUP].most = 20;
	cr_expect_eq(check(&limits), -EAGAIN, "100 of 20 are there");
}

Test(limits, the_soft_limit_on_files_is_raised_as_far_as_it_goes)
{
	struct rlimit low = { 40, 300 };

	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &low), 0, "no limit");
	cr_expect_eq(limits_allow(10, false, &complaint), 0, "%s",
	             complaint.why);
	(void)getrlimit(RLIMIT_NOFILE, &low);
	cr_expect_eq(low.rlim_cur, 40, "raised for nothing");
	cr_expect_eq(limits_allow(200, false, &complaint), 0, "%s",
	             complaint.why);
	(void)getrlimit(RLIMIT_NOFILE, &low);
	cr_expect_eq(low.rlim_cur, 300, "not raised");
	cr_expect_eq(limits_allow(300, false, &complaint), -EMFILE,
	             "300 of 300 are not to be had");
	/* One process has them all. */
	cr_expect_eq(limits_allow(300, true, &complaint), 0, "%s",
	             complaint.why);
}

Test(limits, the_limit_on_processes_counts_for_who_is_not_root)
{
	static const struct rlimit one = { 1, 1 };
	int err;

	if (setrlimit(RLIMIT_NPROC, &one) < 0)
		cr_skip_test("no such limit here");
	/* Some user who has nothing else; without root, the one that we are. */
	if (getuid() == 0 && setresuid(54321, 54321, 54321) < 0)
		cr_skip_test("no other user can be become here");
	err = limits_allow(2, false, &complaint);
	cr_expect_eq(err, -EAGAIN, "%d: 2 and more where 1 may be", err);
	cr_expect(strstr(complaint.cure, "ulimit -u"), "%s", complaint.cure);
	err = limits_allow_pair(&complaint);
	cr_expect_eq(err, -EAGAIN, "%d: 3 where 1 may be", err);
	cr_expect_str_eq(complaint.cure, "raise ulimit -u", "%s",
	                 complaint.cure);
}

/* 100 MiB are enough for 100 stacks, and not for 1000. */
Test(limits, stacks_of_threads_count_where_memory_is_limited)
{
	FILE *statm = fopen("/proc/self/statm", "re");
	unsigned long long pages = 0;
	struct rlimit limit;

	if (!statm || fscanf(statm, "%llu", &pages) != 1 ||
	    getrlimit(RLIMIT_AS, &limit) < 0)
		cr_skip_test("no such limit here");
	(void)fclose(statm);
	limit.rlim_cur = pages * (rlim_t)sysconf(_SC_PAGESIZE) + (100 << 20);
	if (setrlimit(RLIMIT_AS, &limit) < 0)
		cr_skip_test("the memory is limited already");
	cr_expect_eq(limits_allow(100, true, &complaint), 0, "%s",
	             complaint.why);
	cr_expect_eq(limits_allow(1000, false, &complaint), 0, "%s",
	             complaint.why);
	cr_expect_eq(limits_allow(1000, true, &complaint), -ENOMEM, "%s",
	             complaint.why);
	cr_expect_str_eq(complaint.what, "1000 threads", "%s", complaint.what);
	cr_expect_str_eq(complaint.cure,
	                 "raise ulimit -v, or run fewer threads: -w", "%s",
	                 complaint.cure);
	/* What a user has set to spare the machine stays. */
	cr_assert_eq(getrlimit(RLIMIT_AS, &limit), 0, "no limit");
	cr_expect_neq(limit.rlim_cur, limit.rlim_max, "raised");
}
