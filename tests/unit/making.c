#include "tests/unit/making.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/process.h"

const char *const making_compilers[MAKING_COMPILERS] = { "gcc", "clang" };

char making_folder[PATH_MAX];
char making_object[PATH_MAX + 16];
struct complaint making_complaint;

void making_begin(void)
{
	const char *parent = getenv("TMPDIR");

	(void)snprintf(making_folder, sizeof(making_folder),
	               "%s/racelab-test-XXXXXX",
	               parent && *parent ? parent : "/tmp");
	cr_assert_not_null(mkdtemp(making_folder), "no folder");
	(void)snprintf(making_object, sizeof(making_object), "%s/made.so",
	               making_folder);
	/* What target_compile() leaves is found there. */
	(void)setenv("TMPDIR", making_folder, 1);
}

void making_end(void)
{
	const char *const arguments[] = { "rm", "-rf", making_folder, NULL };

	cr_expect_eq(process_run(arguments), 0, "the folder is left");
}

bool making_has(const char *compiler)
{
	const char *const arguments[] = { compiler,    "-E", "-o",
		                          "/dev/null", "-x", "c",
		                          "/dev/null", NULL };

	return process_run(arguments) == 0;
}

const char *making_path(const char *name)
{
	static char path[PATH_MAX + 64];

	(void)snprintf(path, sizeof(path), "%s/%s", making_folder, name);
	return path;
}

void making_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	cr_assert_not_null(file, "no %s", path);
	cr_assert_geq(fputs(text, file), 0, "not written");
	cr_assert_eq(fclose(file), 0, "not closed");
}

int making_compile(const char *name, const char *cc, const char *text)
{
	const char *path = making_path(name);

	making_write(path, text);
	making_complaint = (struct complaint){ 0 };
	return target_compile(path, cc, making_object, &making_complaint);
}

int making_left(void)
{
	DIR *folder = opendir(making_folder);
	struct dirent *entry;
	int count = 0;

	cr_assert_not_null(folder, "no folder");
	while ((entry = readdir(folder)))
		count += strncmp(entry->d_name, "racelab-", 8) == 0;
	(void)closedir(folder);
	return count;
}

struct target making_load(void)
{
	struct target target;

	cr_assert_eq(target_load(&target, making_object, &making_complaint), 0,
	             "%s: %s", making_complaint.what, making_complaint.why);
	return target;
}
