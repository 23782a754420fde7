/*
 * Trials in each family of shared memory, which must be exact in all of them and
 * leave nothing behind.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trial.h"

/* --- the matrix ----------------------------------------------------------- */

static const char *const kinds[] = { "processes", "threads" };
static const char *const names[] = { "mutex", "atomic" };

enum { FAMILIES = ARENA_MEMFD + 1, COMBINATIONS = FAMILIES * 2 * 2 };

static void free_params(struct criterion_test_params *params)
{
	cr_free(params->params);
}

ParameterizedTestParameters(memory, every_family_counts_exactly)
{
	size_t *index = cr_malloc(COMBINATIONS * sizeof(*index));

	for (size_t i = 0; i < COMBINATIONS; i++)
		index[i] = i;
	return cr_make_param_array(size_t, index, COMBINATIONS, free_params);
}

ParameterizedTest(size_t *index, memory, every_family_counts_exactly,
                  .timeout = 60)
{
	const char *name = names[*index / FAMILIES % 2];
	struct run_text text = {
		.workers = "3",
		.count = "2000",
		.as = kinds[*index / FAMILIES / 2],
		.memory = arena_family_name(*index % FAMILIES),
	};
	struct run_result *result = NULL;
	int err = trial_make(run_strategy(name), &text, &result);

	if (run_impossible_here(err))
		cr_skip_test("no %s here", text.memory);
	cr_assert_eq(err, 0, "%s as %s in %s: %d", name, text.as, text.memory,
	             err);
	cr_expect_eq(result->observed, 6000, "%s as %s in %s: %u", name,
	             text.as, text.memory, (unsigned)result->observed);
	cr_expect(run_measure(result).valid, "a worker did not finish");
	free(result);
}

/* --- what the memory is --------------------------------------------------- */

/* The line of /proc/self/maps that BASE begins, without what comes before. */
static void name_of_mapping(const void *base, char *name, size_t size)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	unsigned long from;

	cr_assert_not_null(maps, "no /proc/self/maps");
	name[0] = '\0';
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-", &from) == 1 &&
		    from == (unsigned long)base)
			(void)snprintf(name, size, "%s", line);
	}
	(void)fclose(maps);
}

Test(memory, each_family_is_what_it_says_and_has_no_name)
{
	/* As proc(5) has them; where it was, and that it is gone. */
	static const char *const said[] = { "/dev/zero (deleted)", "/SYSV",
		                            "/dev/shm/racelab-", " (deleted)",
		                            "/memfd:racelab" };

	for (enum arena_family i = ARENA_ANON; i <= ARENA_MEMFD; i++) {
		struct arena arena = { 0 };
		unsigned char *bytes;
		char line[512];
		int err = arena_map_in(&arena, 10000, i);

		if (run_impossible_here(err))
			continue;
		cr_assert_eq(err, 0, "%s: %d", arena_family_name(i), err);
		name_of_mapping(arena.base, line, sizeof(line));
		cr_expect(strstr(line, said[i]), "%s: %s", arena_family_name(i),
		          line);
		cr_expect(strstr(line, "(deleted)"), "%s has a name: %s",
		          arena_family_name(i), line);
		bytes = arena.base;
		cr_expect(bytes[0] == 0 && bytes[9999] == 0, "not zeroed");
		bytes[9999] = 1;
		arena_unmap(&arena);
		name_of_mapping(bytes, line, sizeof(line));
		cr_expect_str_empty(line, "%s: still mapped", line);
	}
}

static unsigned entries(const char *folder)
{
	DIR *directory = opendir(folder);
	struct dirent *entry;
	unsigned count = 0;

	while (directory && (entry = readdir(directory)))
		count += entry->d_name[0] != '.';
	if (directory)
		(void)closedir(directory);
	return count;
}

Test(memory, a_file_is_in_tmpdir_and_leaves_nothing)
{
	char folder[] = "/tmp/racelab-test-XXXXXX", line[512];
	struct arena arena = { 0 };

	cr_assert_not_null(mkdtemp(folder), "no folder");
	(void)setenv("TMPDIR", folder, 1);
	cr_assert_eq(arena_map_in(&arena, 5000, ARENA_FILE), 0, "not mapped");
	name_of_mapping(arena.base, line, sizeof(line));
	cr_expect(strstr(line, folder), "not in %s: %s", folder, line);
	cr_expect_eq(entries(folder), 0, "it has a name");
	arena_unmap(&arena);
	(void)rmdir(folder);
	cr_expect_eq(arena_map_in(&arena, 5000, ARENA_FILE), -ENOENT,
	             "in no folder");
	cr_expect_null(arena.base, "it failed, and is mapped");
}

/* Told when it is mapped, where ftruncate would have gone well. */
Test(memory, a_full_file_system_is_told_and_no_bus_error_later)
{
	struct arena arena = { 0 };
	struct statvfs system;

	if (statvfs("/dev/shm", &system) < 0 || system.f_blocks == 0)
		cr_skip_test("/dev/shm has no limit here");
	cr_expect_eq(
	        arena_map_in(&arena,
	                     (size_t)system.f_blocks * system.f_frsize + 4096,
	                     ARENA_POSIX),
	        -ENOSPC, "it promises more than it has");
	cr_expect_null(arena.base, "it failed, and is mapped");
}

Test(memory, a_limit_on_files_is_told_and_no_child_is_left)
{
	static const struct rlimit little = { 4096, 4096 };

	(void)signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &little), 0, "no limit");
	for (enum arena_family i = ARENA_POSIX; i <= ARENA_MEMFD; i++) {
		struct arena arena = { 0 };
		int err = arena_map_in(&arena, 10000, i);

		cr_expect(err == -EFBIG || run_impossible_here(err), "%s: %d",
		          arena_family_name(i), err);
		cr_expect_null(arena.base, "it failed, and is mapped");
	}
	cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD,
	          "a child is left");
}
