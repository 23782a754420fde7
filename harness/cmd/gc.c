#include "harness/fault/gc.h"

#include <stdio.h>

#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"

int cmd_gc(int argc, char **argv)
{
	static const struct argp argp = {
		NULL,
		parse_only_common,
		NULL,
		"Remove System V semaphore sets and message queues that a "
		"killed racelab left behind.\v"
		"Example:\n  racelab gc\n\n"
		"One is removed only if it bears racelab's mark, belongs to "
		"you, and the process that made it is gone. Each run does this "
		"at its start.",
		only_common,
		NULL,
		NULL
	};
	struct common_options options = { 0 };
	struct gc_found found;
	int err;

	options_parse(&argp, "gc", argc, argv, &options);
	err = gc_collect(&found);
	if (err)
		return say_error("System V objects", err, STATUS_IMPOSSIBLE);
	if (options.json)
		(void)printf("{\"type\":\"gc\",\"schema\":1,\"removed\":%u,"
		             "\"in_use\":%u}\n",
		             found.removed, found.alive);
	else
		(void)printf("%u removed, %u in use\n", found.removed,
		             found.alive);
	return STATUS_OK;
}
