#include "harness/record/jsonl.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file without a name that needs no removal, and a path that opens it. */
struct scratch {
	int fd;
	char path[32];
};

static struct scratch scratch_of(const char *text)
{
	struct scratch scratch = { .fd = memfd_create("jsonl", MFD_CLOEXEC) };

	cr_assert_geq(scratch.fd, 0, "memfd_create: %s", strerror(errno));
	cr_assert_eq(write(scratch.fd, text, strlen(text)),
	             (ssize_t)strlen(text), "cannot write");
	(void)snprintf(scratch.path, sizeof(scratch.path), "/proc/self/fd/%d",
	               scratch.fd);
	return scratch;
}

static void expect_text(const struct scratch *scratch, const char *want)
{
	static char text[65536];
	ssize_t got = pread(scratch->fd, text, sizeof(text) - 1, 0);

	cr_assert_geq(got, 0, "cannot read");
	text[got] = '\0';
	cr_expect_str_eq(text, want, "the file has:\n%s", text);
}

/* {"n":1} */
static json_t *small(int n)
{
	return json_pack("{s:i}", "n", n);
}

static int append(struct jsonl *file, json_t *record)
{
	int err = jsonl_append(file, record);

	json_decref(record);
	return err;
}

static void expect_line(const char *json, const char *want)
{
	json_t *record = json_loads(json, JSON_DECODE_ANY, NULL);
	char *line = jsonl_line(record);

	cr_assert_not_null(line, "%s has no line", json);
	cr_expect_str_eq(line, want, "%s became %s", json, line);
	free(line);
	json_decref(record);
}

Test(jsonl, a_record_is_one_line_whatever_it_holds)
{
	expect_line("{ \"a\" : [ 1, 2 ],\n \"b\" : null }",
	            "{\"a\":[1,2],\"b\":null}\n");
	expect_line("{\"a\":\"x\\ny\\r\\u0001z\"}",
	            "{\"a\":\"x\\ny\\r\\u0001z\"}\n");
	expect_line("{}", "{}\n");
}

Test(jsonl, a_record_keeps_the_order_of_its_members)
{
	expect_line("{\"z\":1,\"a\":2,\"m\":3}", "{\"z\":1,\"a\":2,\"m\":3}\n");
}

Test(jsonl, a_record_keeps_63_bits_and_nine_digits)
{
	expect_line("{\"a\":9223372036854775807}",
	            "{\"a\":9223372036854775807}\n");
	expect_line("{\"a\":9007199254740993}", "{\"a\":9007199254740993}\n");
	expect_line("{\"a\":0.1}", "{\"a\":0.1}\n");
	expect_line("{\"a\":123.456789}", "{\"a\":123.456789}\n");
	expect_line("{\"a\":1.0}", "{\"a\":1.0}\n");
}

Test(jsonl, an_append_leaves_what_was_there)
{
	struct scratch scratch = scratch_of("{\"n\":0}\n");
	struct jsonl file;

	cr_assert_eq(jsonl_open(&file, scratch.path), 0, "not opened");
	cr_expect_eq(append(&file, small(1)), 0, "the first");
	cr_expect_eq(append(&file, small(2)), 0, "the second");
	cr_expect_eq(jsonl_close(&file), 0, "not closed");
	expect_text(&scratch, "{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n");
}

Test(jsonl, an_append_after_half_a_line_begins_a_new_one_once)
{
	struct scratch scratch = scratch_of("{\"n\":0}\n{\"n\"");
	struct jsonl file;

	cr_assert_eq(jsonl_open(&file, scratch.path), 0, "not opened");
	cr_expect_eq(append(&file, small(1)), 0, "the first");
	cr_expect_eq(append(&file, small(2)), 0, "the second");
	cr_expect_eq(jsonl_close(&file), 0, "not closed");
	expect_text(&scratch, "{\"n\":0}\n{\"n\"\n{\"n\":1}\n{\"n\":2}\n");
}

Test(jsonl, a_file_of_one_newline_or_of_nothing_is_not_torn)
{
	struct scratch empty = scratch_of(""), line = scratch_of("\n");
	struct jsonl file;

	cr_assert_eq(jsonl_open(&file, empty.path), 0, "not opened");
	cr_expect_not(file.torn, "nothing");
	(void)jsonl_close(&file);
	cr_assert_eq(jsonl_open(&file, line.path), 0, "not opened");
	cr_expect_not(file.torn, "one newline");
	(void)jsonl_close(&file);
}

Test(jsonl, a_file_is_made_where_there_is_none)
{
	const char *root = getenv("TMPDIR");
	char folder[200], path[256];
	struct jsonl file;
	struct stat info;
	int err;

	(void)snprintf(folder, sizeof(folder), "%s/jsonl-XXXXXX",
	               root ? root : "/tmp");
	cr_assert_not_null(mkdtemp(folder), "no folder %s", folder);
	(void)snprintf(path, sizeof(path), "%s/new.jsonl", folder);
	err = jsonl_open(&file, path);
	if (!err)
		err = append(&file, small(1));
	cr_expect_eq(err, 0, "%s", strerror(-err));
	(void)jsonl_close(&file);
	cr_expect_eq(stat(path, &info), 0, "it is not there");
	cr_expect_eq(info.st_size, 8, "%lld bytes", (long long)info.st_size);
	(void)unlink(path);
	(void)rmdir(folder);
}

Test(jsonl, what_cannot_be_opened_is_an_error)
{
	struct jsonl file;

	cr_expect_eq(jsonl_open(&file, "/none/such"), -ENOENT, "no folder");
	cr_expect_eq(jsonl_open(&file, "/proc"), -EISDIR, "a folder");
	cr_expect_eq(jsonl_open(&file, "/proc/version/x"), -ENOTDIR, "a file");
	cr_expect_eq(jsonl_close(&file), 0, "closing nothing");
}

Test(jsonl, a_full_disk_is_an_error)
{
	struct jsonl file;

	cr_assert_eq(jsonl_open(&file, "/dev/full"), 0, "not opened");
	cr_expect_eq(append(&file, small(1)), -ENOSPC, "it was written");
	(void)jsonl_close(&file);
}

/* A message of a socket is what one write gave: no more, no less. */
Test(jsonl, a_record_is_a_single_write)
{
	static char message[65536];
	struct jsonl file;
	int ends[2], size = 1 << 20;
	char text[40001];
	ssize_t got;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0, "none");
	(void)setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	file = jsonl_to(ends[1]);
	for (int torn = 0; torn < 2; torn++) {
		file.torn = torn;
		cr_assert_eq(append(&file, small(1)), 0, "not sent");
		file.torn = torn;
		cr_assert_eq(append(&file, json_pack("{s:s}", "t", text)), 0,
		             "not sent");
		got = recv(ends[0], message, sizeof(message), 0);
		cr_expect_eq(got, 8 + torn, "%zd bytes at once", got);
		got = recv(ends[0], message, sizeof(message), 0);
		cr_expect_eq(got, 40009 + torn, "%zd bytes at once", got);
		cr_expect_eq(message[got - 1], '\n', "without its newline");
	}
}

/* A limit on the file's size cuts a write short, as a full disk does. */
Test(jsonl, an_append_after_one_that_was_cut_short_begins_a_new_line)
{
	struct scratch scratch = scratch_of("{\"n\":0}\n");
	struct rlimit limit, tight;
	struct jsonl file;

	(void)signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0, "no limit");
	tight = limit;
	tight.rlim_cur = 12;
	cr_assert_eq(jsonl_open(&file, scratch.path), 0, "not opened");
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &tight), 0, "not limited");
	cr_expect_lt(append(&file, small(1)), 0, "it does not say so");
	cr_expect_lt(append(&file, small(2)), 0, "it does not say so");
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0, "still limited");
	cr_expect_eq(append(&file, small(3)), 0, "it does not recover");
	cr_expect_eq(append(&file, small(4)), 0, "it does not recover");
	(void)jsonl_close(&file);
	expect_text(&scratch, "{\"n\":0}\n{\"n\"\n{\"n\":3}\n{\"n\":4}\n");
}

enum { WRITERS = 4, RECORDS = 200 };

/* Numbers from WRITER x RECORDS on. In a child: says only whether it worked. */
static void write_all(const char *path, int writer)
{
	struct jsonl file;
	int err = jsonl_open(&file, path);

	for (int i = 0; i < RECORDS && !err; i++)
		err = append(&file, small(writer * RECORDS + i));
	_exit(err || jsonl_close(&file) ? 1 : 0);
}

Test(jsonl, any_number_of_processes_append_whole_lines)
{
	struct scratch scratch = scratch_of("");
	bool seen[WRITERS * RECORDS] = { false };
	int status, n, count = 0;
	char line[64];
	FILE *in;

	for (int writer = 0; writer < WRITERS; writer++) {
		pid_t pid = fork();

		cr_assert_geq(pid, 0, "no child");
		if (pid == 0)
			write_all(scratch.path, writer);
	}
	while (wait(&status) > 0)
		cr_expect_eq(status, 0, "a writer failed");
	in = fopen(scratch.path, "re");
	cr_assert_not_null(in, "cannot read");
	while (fgets(line, sizeof(line), in)) {
		cr_assert_eq(sscanf(line, "{\"n\":%d}", &n), 1, "%s", line);
		cr_assert(n >= 0 && n < WRITERS * RECORDS && !seen[n], "%s",
		          line);
		seen[n] = true;
		count++;
	}
	(void)fclose(in);
	cr_expect_eq(count, WRITERS * RECORDS, "only %d lines", count);
}

Test(jsonl, is_closed_once)
{
	struct scratch scratch = scratch_of("");
	struct jsonl file;

	cr_assert_eq(jsonl_open(&file, scratch.path), 0, "not opened");
	cr_expect_neq(fcntl(file.fd, F_GETFD) & FD_CLOEXEC, 0,
	              "a child would inherit it");
	cr_expect_eq(jsonl_close(&file), 0, "not closed");
	cr_expect_eq(file.fd, -1, "it still has a descriptor");
	cr_expect_eq(jsonl_close(&file), 0, "closed again");
}

Test(jsonl, leaves_open_what_it_did_not_open)
{
	struct scratch scratch = scratch_of("");
	struct jsonl file = jsonl_to(scratch.fd);

	cr_expect_eq(append(&file, small(1)), 0, "not written");
	cr_expect_eq(jsonl_close(&file), 0, "not closed");
	cr_expect_neq(fcntl(scratch.fd, F_GETFD), -1, "it closed ours");
}
