#include "harness/cmd/input.h"

#include <errno.h>
#include <stdio.h>

#include "harness/cmd/cmd.h"

int input_read(struct archive *archive, char *const *files, int count)
{
	struct complaint complaint = { 0 };
	int err;

	for (int i = 0; i < count; i++) {
		err = archive_read(archive, files[i], &complaint);
		if (err)
			return say_complaint(&complaint,
			                     err == -ENOMEM ? STATUS_RESOURCE
			                                    : STATUS_USAGE);
	}
	if (archive->torn > 0)
		(void)fprintf(
		        stderr,
		        "warning: %zu half line%s skipped: an append was cut "
		        "short\n",
		        archive->torn, archive->torn == 1 ? "" : "s");
	return STATUS_OK;
}

int input_select(struct archive *archive, const char *uuid, const char *cure,
                 bool quiet)
{
	struct complaint complaint = { 0 };
	int left_out = archive_select(archive, uuid);

	if (left_out < 0) {
		complain(&complaint, uuid ? uuid : "records",
		         uuid ? "there is no such run in these files"
		              : "there is no run in these files");
		return say_complaint(&complaint, STATUS_USAGE);
	}
	if (left_out > 0 && !quiet)
		(void)fprintf(
		        stderr,
		        "note: %d of %zu runs left out: another machine, build "
		        "or specification\n  %s\n",
		        left_out, archive->runs_count, cure);
	return STATUS_OK;
}
