/*
 * From a C file to an object whose accesses to memory call hooks. Everything in
 * between lies in a folder that is removed at the end; signals wait meanwhile.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/target/command.h"
#include "harness/target/compiler.h"
#include "harness/target/find.h"
#include "harness/target/scan.h"
#include "harness/target/symbols.h"
#include "harness/target/target.h"

/* Files of the scratch folder. */
enum file { PROBE, LISTING, SEEN, OBJECT, RENAMES, FILES };

struct making {
	const char *cc;
	char source[PATH_MAX], output[PATH_MAX];
	char scratch[PATH_MAX];
	char files[FILES][PATH_MAX];
	struct compiler compiler;
	char *listing; /* the text, before any fence becomes a call */
	size_t listing_bytes;
	struct complaint *complaint;
};

/* --- the scratch folder --------------------------------------------------- */

static int make_scratch(struct making *making)
{
	static const char *const names[FILES] = { "probe.c", "listing.s",
		                                  "seen.s", "object.o",
		                                  "renames" };
	const char *parent = getenv("TMPDIR");
	int length = snprintf(making->scratch, PATH_MAX, "%s/racelab-XXXXXX",
	                      parent && *parent ? parent : "/tmp");

	if (length >= PATH_MAX - 32) {
		making->scratch[0] = '\0';
		return -ENAMETOOLONG;
	}
	if (!mkdtemp(making->scratch)) {
		making->scratch[0] = '\0';
		return -errno;
	}
	for (int i = 0; i < FILES; i++)
		(void)snprintf(making->files[i], PATH_MAX, "%.*s/%s", length,
		               making->scratch, names[i]);
	return 0;
}

/* A compiler that was killed leaves files of its own there. */
static void remove_scratch(const struct making *making)
{
	DIR *folder;
	struct dirent *entry;

	if (!making->scratch[0])
		return;
	folder = opendir(making->scratch);
	while (folder && (entry = readdir(folder)))
		(void)unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		(void)closedir(folder);
	(void)rmdir(making->scratch);
}

/* --- steps ---------------------------------------------------------------- */

/* A path that no program takes for an option, or for a list of them. */
static int take_path(char path[PATH_MAX], const char *from)
{
	int length = snprintf(path, PATH_MAX, "%s%s", *from == '/' ? "" : "./",
	                      from);

	return length < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static int look_at_source(const struct making *making, const char *name)
{
	struct stat status;
	const char *why;
	int err = 0;

	if (access(making->source, R_OK) < 0 ||
	    stat(making->source, &status) < 0)
		err = -errno;
	else if (!S_ISREG(status.st_mode))
		err = S_ISDIR(status.st_mode) ? -EISDIR : -EINVAL;
	if (!err)
		return 0;
	why = err == -EINVAL ? "it is not a file" : strerror(-err);
	complain(making->complaint, name, "%s",
	         err == -ENOENT ? "there is no such file" : why);
	return err;
}

static int say_error(const struct making *making, const char *what, int err)
{
	complain(making->complaint, what, "%s", strerror(-err));
	return err;
}

static int list(struct making *making)
{
	char seen[PATH_MAX], include[PATH_MAX];
	const char *const folders[] = { seen, include, NULL };

	if (find_folder("seen", seen, sizeof(seen)) < 0 ||
	    target_find(NULL, true, include, sizeof(include)) < 0) {
		complain(making->complaint, "lib/racelab",
		         "racelab.h is not where this program looks for it");
		complain_cure(making->complaint,
		              "make, or make install, puts it there");
		return -ENOENT;
	}
	return compiler_list(&making->compiler, making->source, folders,
	                     making->files[LISTING], making->complaint);
}

static int read_listing(struct making *making)
{
	FILE *file = fopen(making->files[LISTING], "re");
	struct stat status;
	int err = 0;

	if (!file)
		return -errno;
	if (fstat(fileno(file), &status) < 0)
		err = -errno;
	if (!err) {
		making->listing = malloc((size_t)status.st_size + 1);
		making->listing_bytes = (size_t)status.st_size;
		err = making->listing ? 0 : -ENOMEM;
	}
	if (!err && fread(making->listing, 1, making->listing_bytes, file) !=
	                    making->listing_bytes)
		err = -EIO;
	(void)fclose(file); /* only read from */
	return err;
}

/* The end of a file that was written to. */
static int finish(FILE *file)
{
	int err = ferror(file) ? -EIO : 0;

	if (fclose(file) < 0 && !err)
		err = -errno;
	return err;
}

static int scan(struct making *making)
{
	int err = read_listing(making);
	FILE *out;

	if (err)
		return say_error(making, making->files[LISTING], err);
	out = fopen(making->files[SEEN], "we");
	if (!out)
		return say_error(making, making->files[SEEN], -errno);
	err = scan_listing(making->listing, making->listing_bytes, out,
	                   making->complaint);
	if (err) {
		(void)fclose(out); /* it is not looked at again */
		return err;
	}
	err = finish(out);
	return err ? say_error(making, making->files[SEEN], err) : 0;
}

static int run_objcopy(const struct making *making)
{
	char option[PATH_MAX + 32];
	struct command command = { .count = 0 };

	(void)snprintf(option, sizeof(option), "--redefine-syms=%s",
	               making->files[RENAMES]);
	command_add(&command, "objcopy");
	command_add(&command, option);
	command_add(&command, making->files[OBJECT]);
	command_add(&command, NULL);
	return command_run(&command, NULL, 0, making->complaint);
}

static int rename_symbols(const struct making *making)
{
	FILE *renames = fopen(making->files[RENAMES], "we");
	int count, err;

	if (!renames)
		return say_error(making, making->files[RENAMES], -errno);
	making->complaint->why[0] = '\0';
	count = symbols_judge(making->files[OBJECT], making->listing,
	                      making->listing_bytes, renames,
	                      making->complaint);
	err = finish(renames);
	if (count < 0 && !making->complaint->why[0])
		return say_error(making, making->files[OBJECT], count);
	if (count < 0)
		return count;
	if (err)
		return say_error(making, making->files[RENAMES], err);
	return count > 0 ? run_objcopy(making) : 0;
}

static int make(struct making *making)
{
	int err = make_scratch(making);

	if (err)
		return say_error(making, "temporary folder", err);
	err = compiler_begin(&making->compiler, making->cc,
	                     making->files[PROBE], making->complaint);
	if (!err)
		err = list(making);
	if (!err)
		err = scan(making);
	if (!err)
		err = compiler_assemble(&making->compiler, making->files[SEEN],
		                        making->files[OBJECT],
		                        making->complaint);
	if (!err)
		err = rename_symbols(making);
	if (!err)
		err = compiler_link(&making->compiler, making->files[OBJECT],
		                    making->output, making->complaint);
	compiler_end(&making->compiler);
	free(making->listing);
	return err;
}

/* --------------------------------------------------------------------------- */

/* What is interrupted ends early, cleans up, and then gets its signal. */
static int make_undisturbed(struct making *making)
{
	sigset_t set, before;
	int err;

	(void)sigemptyset(&set); /* these fail only for a bad number */
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, &before) < 0)
		return -errno;
	err = make(making);
	remove_scratch(making);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return err;
}

int target_compile(const char *source, const char *cc, const char *output,
                   struct complaint *complaint)
{
	struct making *making = calloc(1, sizeof(*making));
	int err;

	if (!making) {
		complain(complaint, source, "out of memory");
		return -ENOMEM;
	}
	making->cc = cc;
	making->complaint = complaint;
	err = take_path(making->source, source);
	if (!err)
		err = take_path(making->output, output);
	if (err)
		err = say_error(making, source, err);
	else
		err = look_at_source(making, source);
	if (!err)
		err = make_undisturbed(making);
	free(making);
	return err;
}
