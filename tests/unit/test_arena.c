#include "harness/base/arena.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGES = 64 };

static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

Test(arena, is_zero_and_starts_on_a_page)
{
	struct arena arena;
	const unsigned char *byte;

	cr_assert_eq(arena_map(&arena, 100001), 0, "not mapped");
	cr_expect_eq((uintptr_t)arena.base % page_bytes(), 0, "not on a page");
	cr_expect_geq(arena.bytes, 100001, "only %zu bytes", arena.bytes);
	byte = arena.base;
	for (size_t i = 0; i < arena.bytes; i++)
		cr_assert_eq(byte[i], 0, "byte %zu is %d", i, byte[i]);
	arena_unmap(&arena);
}

/* A child, in which BODY may not assert. Returns its status. */
static int in_child(int (*body)(struct arena *), struct arena *arena)
{
	pid_t pid = fork();
	int status;

	cr_assert_geq(pid, 0, "no child");
	if (pid == 0)
		_exit(body(arena));
	cr_assert_eq(waitpid(pid, &status, 0), pid, "it is gone");
	cr_assert(WIFEXITED(status), "it was killed");
	return WEXITSTATUS(status);
}

static int write_last(struct arena *arena)
{
	((unsigned char *)arena->base)[arena->bytes - 1] = 7;
	return 0;
}

Test(arena, is_shared_with_children)
{
	struct arena arena;

	cr_assert_eq(arena_map(&arena, 5000), 0, "not mapped");
	(void)in_child(write_last, &arena);
	cr_expect_eq(((unsigned char *)arena.base)[arena.bytes - 1], 7,
	             "what a child wrote is not here");
	arena_unmap(&arena);
}

Test(arena, is_in_place_at_once)
{
	unsigned char resident[PAGES];
	struct arena arena;

	cr_assert_eq(arena_map(&arena, PAGES * page_bytes()), 0, "not mapped");
	cr_assert_eq(mincore(arena.base, arena.bytes, resident), 0, "mincore");
	for (int i = 0; i < PAGES; i++)
		cr_expect(resident[i] & 1, "page %d is not there", i);
	arena_unmap(&arena);
}

Test(arena, is_given_back_once)
{
	struct arena arena = { 0 };
	unsigned char resident;
	void *base;

	arena_unmap(&arena);
	cr_assert_eq(arena_map(&arena, 100), 0, "not mapped");
	base = arena.base;
	arena_unmap(&arena);
	cr_expect_null(arena.base, "it still has an address");
	cr_expect_lt(mincore(base, 1, &resident), 0, "it is still mapped");
	arena_unmap(&arena);
}

Test(arena, too_much_memory_is_refused)
{
	struct arena arena = { 0 };

	cr_expect_lt(arena_map(&arena, SIZE_MAX / 4), 0, "it was mapped");
	arena_unmap(&arena);
}

/*
 * How many pages are first touched when each of a range is written to. Not
 * instrumented, because the shadow of an address is a page, too.
 */
__attribute__((no_sanitize("address"))) static long faults_in(
        volatile unsigned char *start, size_t bytes)
{
	size_t page = page_bytes();
	struct rusage before, after;

	(void)getrusage(RUSAGE_SELF, &after);
	(void)getrusage(RUSAGE_SELF, &before);
	for (size_t i = 0; i < bytes; i += page)
		start[i] = 0;
	start[bytes - 1] = 0;
	(void)getrusage(RUSAGE_SELF, &after);
	return after.ru_minflt - before.ru_minflt;
}

static int faults_untouched(struct arena *arena)
{
	return faults_in(arena->base, arena->bytes) >= PAGES / 2;
}

static int faults_touched(struct arena *arena)
{
	arena_touch(arena->base, arena->bytes);
	return (int)faults_in(arena->base, arena->bytes);
}

/* The end of one page and the start of the next. */
static int faults_across(struct arena *arena)
{
	unsigned char *start = arena->base;

	start += page_bytes() - 1;
	arena_touch(start, 2);
	return (int)faults_in(start, 2);
}

Test(arena, is_not_faulted_in_by_a_child_that_touched_it)
{
	struct arena arena;

	cr_assert_eq(arena_map(&arena, PAGES * page_bytes()), 0, "not mapped");
	if (!in_child(faults_untouched, &arena))
		cr_skip_test("a child's pages come in larger pieces here");
	cr_expect_eq(in_child(faults_touched, &arena), 0,
	             "touched pages were missing");
	cr_expect_eq(in_child(faults_across, &arena), 0,
	             "one of two pages was missing");
	arena_unmap(&arena);
}

Test(arena, is_touched_without_changing_it)
{
	struct arena arena;
	unsigned char *byte;

	cr_assert_eq(arena_map(&arena, 3 * page_bytes()), 0, "not mapped");
	byte = arena.base;
	for (size_t i = 0; i < arena.bytes; i++)
		byte[i] = (unsigned char)(i % 251);
	arena_touch(byte + 5, arena.bytes - 5);
	arena_touch(byte, 0);
	for (size_t i = 0; i < arena.bytes; i++)
		cr_assert_eq(byte[i], i % 251, "byte %zu", i);
	arena_unmap(&arena);
}
