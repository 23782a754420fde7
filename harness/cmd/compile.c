/*
 * For the Makefile, and not listed: a strategy compiled as for the explorer.
 * What cannot be explored leaves an empty OUTPUT, so that make knows that it was
 * tried; the explorer then compiles the source itself, and says why.
 */
#include <errno.h>
#include <stdio.h>

#include "harness/cmd/cmd.h"
#include "harness/target/target.h"

static int make_empty(const char *path)
{
	FILE *file = fopen(path, "we");

	if (!file || fclose(file) < 0)
		return say_error(path, -errno, STATUS_OUTPUT);
	return STATUS_OK;
}

int cmd_compile(int argc, char **argv)
{
	struct complaint complaint = { 0 };
	int err;

	if (argc != 3 && argc != 4) {
		complain(&complaint, "compile", "SOURCE OUTPUT [COMPILER]");
		return say_complaint(&complaint, STATUS_USAGE);
	}
	err = target_compile(argv[1], argc == 4 ? argv[3] : NULL, argv[2],
	                     &complaint);
	if (err == -ENOTSUP)
		return make_empty(argv[2]);
	return err ? say_complaint(&complaint, STATUS_USAGE) : STATUS_OK;
}
