#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/record/archive.h"
#include "harness/record/jsonl.h"
#include "tests/fixtures/records.h"

static const struct records_trial known = {
	.run = "R",
	.strategy = "mutex",
	.block = 1,
	.workers = 2,
	.ns = 10.5,
	.lost = 10,
	.evidence = "lost",
};

/* A record as one line, to be freed. */
static char *line_of(json_t *record)
{
	char *line = jsonl_line(record);

	cr_assert_not_null(line, "the test's own record is wrong");
	json_decref(record);
	return line;
}

/* A file without a name, of three texts. */
static const char *file_of(const char *first, const char *second, size_t size,
                           const char *third)
{
	static char path[32];
	int fd = memfd_create("records", MFD_CLOEXEC);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	cr_assert_not_null(out, "memfd_create: %s", strerror(errno));
	(void)fputs(first, out);
	(void)fwrite(second, 1, size, out);
	(void)fputs(third, out);
	cr_assert_eq(fflush(out), 0, "cannot write");
	/* It stays open: the path leads to it. */
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

Test(reader, takes_the_records_of_a_file_in_order)
{
	char *run = line_of(records_run("R"));
	char *trial = line_of(records_trial(&known));
	struct archive archive = { 0 };
	struct complaint complaint;

	cr_assert_eq(archive_read(&archive,
	                          file_of(run, trial, strlen(trial), trial),
	                          &complaint),
	             0, "%s: %s", complaint.what, complaint.why);
	cr_expect_eq(archive.runs_count, 1, "one run");
	cr_expect_eq(archive.trials_count, 2, "two trials");
	cr_expect_eq(archive.torn, 0, "nothing is torn");
	archive_free(&archive);
	free(run);
	free(trial);
}

Test(reader, takes_a_file_that_is_given_twice_only_once)
{
	char *run = line_of(records_run("R"));
	char *trial = line_of(records_trial(&known));
	const char *path = file_of(run, trial, strlen(trial), "");
	struct archive archive = { 0 };
	struct complaint complaint;

	for (int i = 0; i < 2; i++)
		cr_assert_eq(archive_read(&archive, path, &complaint), 0,
		             "%s: %s", complaint.what, complaint.why);
	cr_expect_eq(archive.runs_count, 1, "%zu runs", archive.runs_count);
	cr_expect_eq(archive.trials_count, 1, "%zu trials",
	             archive.trials_count);
	archive_free(&archive);
	free(run);
	free(trial);
}

Test(reader, takes_empty_lines_and_other_line_ends)
{
	char *run = line_of(records_run("R"));
	struct archive archive = { 0 };
	struct complaint complaint;

	cr_expect_eq(archive_read(&archive,
	                          file_of("\n \n\r\n", run, strlen(run), "\t"),
	                          &complaint),
	             0, "%s: %s", complaint.what, complaint.why);
	cr_expect_eq(archive.runs_count, 1, "one run");
	archive_free(&archive);
	free(run);
}

/* Cut anywhere, and the next append has begun a line of its own. */
Test(reader, skips_and_counts_half_a_line_wherever_it_was_cut)
{
	char *trial = line_of(records_trial(&known));
	char *run = line_of(records_run("R"));
	char *next;

	cr_assert_geq(asprintf(&next, "\n%s%s", run, trial), 0, "no memory");
	for (size_t cut = 1; cut < strlen(trial) - 1; cut++) {
		struct archive archive = { 0 };
		struct complaint complaint;
		int err = archive_read(&archive, file_of("", trial, cut, next),
		                       &complaint);

		cr_expect_eq(err, 0, "after \"%.*s\": %s: %s", (int)cut, trial,
		             complaint.what, complaint.why);
		cr_expect(err || archive.torn == 1, "cut at %zu: %zu torn", cut,
		          archive.torn);
		cr_expect(err || archive.trials_count == 1,
		          "cut at %zu: the next line is gone, too", cut);
		archive_free(&archive);
	}
	free(next);
	free(trial);
	free(run);
}

Test(reader, skips_and_counts_half_a_line_at_the_end)
{
	char *trial = line_of(records_trial(&known));
	char *run = line_of(records_run("R"));

	for (size_t cut = 1; cut < strlen(trial) - 1; cut++) {
		struct archive archive = { 0 };
		struct complaint complaint;
		int err = archive_read(&archive, file_of(run, trial, cut, ""),
		                       &complaint);

		cr_expect_eq(err, 0, "after \"%.*s\": %s: %s", (int)cut, trial,
		             complaint.what, complaint.why);
		cr_expect(err || (archive.torn == 1 && archive.runs_count == 1),
		          "cut at %zu", cut);
		archive_free(&archive);
	}
	free(trial);
	free(run);
}

Test(reader, takes_a_last_line_without_its_newline)
{
	char *run = line_of(records_run("R"));
	struct archive archive = { 0 };
	struct complaint complaint;

	cr_expect_eq(archive_read(&archive,
	                          file_of("", run, strlen(run) - 1, ""),
	                          &complaint),
	             0, "%s: %s", complaint.what, complaint.why);
	cr_expect(archive.runs_count == 1 && archive.torn == 0, "it is whole");
	archive_free(&archive);
	free(run);
}

/* After two good lines, TEXT is refused at line 3 and the column. */
static void expect_refused(const char *text, int column)
{
	char *run = line_of(records_run("R")), *two, place[96];
	struct archive archive = { 0 };
	struct complaint complaint = { 0 };
	const char *path;

	cr_assert_geq(asprintf(&two, "%s\n", run), 0, "no memory");
	path = file_of(two, text, strlen(text), "\n");
	(void)snprintf(place, sizeof(place), "%s:3:%d", path, column);
	cr_expect_eq(archive_read(&archive, path, &complaint), -EINVAL,
	             "%.60s was taken", text);
	cr_expect_str_eq(complaint.what, place, "%.60s: %s", text,
	                 complaint.what);
	cr_expect(complaint.why[0] && complaint.cure[0], "%.60s: why?", text);
	archive_free(&archive);
	free(two);
	free(run);
}

Test(reader, says_in_which_line_and_column_a_file_is_wrong)
{
	expect_refused("x", 1);
	expect_refused("{\"type\":\"run\" \"x\"}", 17);
	expect_refused("NaN", 3);
	expect_refused("{\"a\":NaN}", 8);
	expect_refused("{\"a\":Infinity}", 13);
	expect_refused("{\"a\":1e400}", 10);
	expect_refused("{\"a\":9223372036854775808}", 24);
	expect_refused("{\"a\":-9223372036854775809}", 25);
	expect_refused("{\"a\":1,\"a\":1}", 10);
	expect_refused("{\"a\":\"\xff\"}", 6);
	expect_refused("{\"a\":01}", 6);
	expect_refused("{} {}", 4);
	expect_refused("{}", 1);
	expect_refused("[]", 1);
	expect_refused("{\"type\":\"run\",\"schema\":2}", 1);
	expect_refused("{\"type\":\"trial\",\"schema\":1}", 1);
}

Test(reader, survives_brackets_without_end)
{
	static char brackets[100001];

	memset(brackets, '[', sizeof(brackets) - 1);
	expect_refused(brackets, 2049);
	memset(brackets, '{', sizeof(brackets) - 1);
	expect_refused(brackets, 2);
}

/* Whole and valid, but for its length. */
Test(reader, refuses_a_line_longer_than_any_record)
{
	enum { LIMIT = 16 << 20 };
	char *text = malloc(LIMIT + 1), *line;

	cr_assert_not_null(text, "no memory");
	memset(text, 'x', LIMIT);
	text[LIMIT] = '\0';
	cr_assert_geq(asprintf(&line,
	                       "{\"type\":\"news\",\"schema\":1,\"x\":\"%s\"}",
	                       text),
	              0, "no memory");
	expect_refused(line, LIMIT);
	free(line);
	free(text);
}

Test(reader, takes_the_longest_record_there_is)
{
	struct records_trial crowd = known;
	char *run = line_of(records_run("R")), *trial;
	struct archive archive = { 0 };
	struct complaint complaint;

	crowd.workers = 4096;
	trial = line_of(records_trial(&crowd));
	cr_expect_eq(archive_read(&archive,
	                          file_of(run, trial, strlen(trial), ""),
	                          &complaint),
	             0, "%s: %s", complaint.what, complaint.why);
	cr_expect_eq(archive.trials_count, 1, "not taken");
	archive_free(&archive);
	free(trial);
	free(run);
}

/* The same file by a name as long as names may get. */
Test(reader, says_line_and_column_however_long_the_name)
{
	const char *path = file_of("\n\n", "x", 1, "\n");
	char name[400] = "/proc/self/fd", *end;
	size_t used = strlen(name);
	struct archive archive = { 0 };
	struct complaint complaint = { 0 };

	while (used < 300)
		used += (size_t)snprintf(name + used, sizeof(name) - used,
		                         "/../fd");
	(void)snprintf(name + used, sizeof(name) - used, "%s",
	               strrchr(path, '/'));
	cr_expect_eq(archive_read(&archive, name, &complaint), -EINVAL,
	             "taken");
	end = strrchr(complaint.what, ':');
	cr_expect(end && strcmp(end, ":1") == 0 && end - complaint.what > 2 &&
	                  strncmp(end - 2, ":3", 2) == 0,
	          "%s", complaint.what);
	archive_free(&archive);
}

Test(reader, says_why_a_file_cannot_be_read)
{
	struct archive archive = { 0 };
	struct complaint complaint;

	cr_expect_eq(archive_read(&archive, "/none/such", &complaint), -ENOENT,
	             "no file");
	cr_expect_str_eq(complaint.what, "/none/such", "%s", complaint.what);
	cr_expect_str_eq(complaint.why, strerror(ENOENT), "%s", complaint.why);
	cr_expect_lt(archive_read(&archive, "/proc", &complaint), 0,
	             "a folder");
	cr_expect_str_eq(complaint.what, "/proc", "%s", complaint.what);
	archive_free(&archive);
}

Test(reader, refuses_random_bytes_without_harm)
{
	uint64_t state = 1;
	char bytes[512];

	for (int i = 0; i < 200; i++) {
		struct archive archive = { 0 };
		struct complaint complaint;

		for (size_t j = 0; j < sizeof(bytes); j++) {
			state = state * UINT64_C(6364136223846793005) + 1;
			bytes[j] = (char)(state >> 56);
		}
		(void)archive_read(&archive,
		                   file_of("", bytes, sizeof(bytes), ""),
		                   &complaint);
		cr_expect_eq(archive.runs_count, 0, "a run was read from it");
		archive_free(&archive);
	}
}
