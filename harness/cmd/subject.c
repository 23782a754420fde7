#include "harness/cmd/subject.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/text.h"
#include "harness/cmd/cmd.h"
#include "harness/run/spec.h"
#include "harness/target/target.h"

static bool is_file(const char *name)
{
	size_t length = strlen(name);

	return strchr(name, '/') ||
	       (length > 2 && strcmp(name + length - 2, ".c") == 0);
}

static int make_folder(struct subject *subject, struct complaint *complaint)
{
	const char *parent = getenv("TMPDIR");
	int length;

	if (!parent || !*parent)
		parent = "/tmp";
	length = snprintf(subject->folder, sizeof(subject->folder),
	                  "%s/racelab-XXXXXX", parent);
	if ((size_t)length < sizeof(subject->folder) - 16 &&
	    mkdtemp(subject->folder)) {
		(void)snprintf(subject->object, sizeof(subject->object),
		               "%.*s/target.so", length, subject->folder);
		return STATUS_OK;
	}
	subject->folder[0] = '\0';
	complain(complaint, parent, "cannot make a folder in it: %s",
	         strerror(errno));
	complain_cure(complaint, "set TMPDIR to a folder that can be written");
	return STATUS_RESOURCE;
}

static int compile(struct subject *subject, const char *source, const char *cc,
                   struct complaint *complaint)
{
	int status = make_folder(subject, complaint);
	int err;

	if (status != STATUS_OK)
		return status;
	err = target_compile(source, cc, subject->object, complaint);
	switch (err) {
	case 0:
		return STATUS_OK;
	case -EINVAL:
		return STATUS_USAGE;
	case -ENOTSUP:
		return STATUS_UNDECIDED;
	case -ENOENT:
		return access(source, R_OK) == 0 ? STATUS_RESOURCE
		                                 : STATUS_USAGE;
	default:
		return STATUS_RESOURCE;
	}
}

static int open_strategy(struct subject *subject, const char *name,
                         const char *cc, struct complaint *complaint)
{
	char source[PATH_MAX];

	if (!cc && target_find(name, false, subject->object,
	                       sizeof(subject->object)) == 0)
		return STATUS_OK;
	if (target_find(name, true, source, sizeof(source)) == 0)
		return compile(subject, source, cc, complaint);
	complain(complaint, name, "the files for exploring it are not there");
	complain_cure(complaint, "make all, or make install, puts them into "
	                         "lib/racelab beside the program");
	return STATUS_RESOURCE;
}

int subject_open(struct subject *subject, const char *name, const char *cc,
                 struct complaint *complaint)
{
	int status;

	*subject = (struct subject){ .lines = NULL };
	if (is_file(name)) {
		status = compile(subject, name, cc, complaint);
	} else if (run_strategy(name)) {
		status = open_strategy(subject, name, cc, complaint);
	} else {
		complain(complaint, name, "there is no such strategy");
		complain_cure(complaint,
		              "racelab list shows the strategies; a C file's "
		              "name ends in .c");
		status = STATUS_USAGE;
	}
	if (status == STATUS_OK)
		subject->lines = lines_open(subject->object);
	return status;
}

void subject_close(struct subject *subject)
{
	lines_close(subject->lines);
	if (!subject->folder[0])
		return;
	/* Neither may be there; nothing could be done about the rest. */
	(void)unlink(subject->object);
	(void)rmdir(subject->folder);
}

bool subject_has_memory(enum memory_model memory, struct complaint *complaint)
{
#if defined(__x86_64__)
	(void)memory;
	(void)complaint;
	return true;
#else
	if (memory == MEMORY_SC)
		return true;
	complain(complaint, "--memory", "tso is the memory of x86-64");
	return false;
#endif
}

const char *subject_line(void *context, size_t pc, char *text, size_t size)
{
	const struct subject *subject = context;

	return lines_of(subject->lines, pc, text, size);
}

const char *subject_cell(void *context, size_t offset, char *text, size_t size)
{
	const struct subject *subject = context;

	return adaptor_name(&subject->shape, offset, text, size);
}
