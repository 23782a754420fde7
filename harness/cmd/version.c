#include <jansson.h>
#include <stdio.h>

#include "harness/base/build.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"
#include "harness/record/record.h"

static int print_json(void)
{
	json_t *json = json_pack(
	        "{s:s, s:i, s:s, s:s, s:s, s:s}", "type", "version", "schema",
	        RECORD_SCHEMA, "version", build_info.version, "revision",
	        build_info.revision, "compiler", build_info.compiler, "flags",
	        build_info.cflags);
	int err = json_dumpf(json, stdout, JSON_COMPACT);

	(void)putchar('\n');
	json_decref(json);
	return err ? STATUS_OUTPUT : STATUS_OK;
}

int cmd_version(int argc, char **argv)
{
	static const struct argp argp = {
		NULL,
		parse_only_common,
		NULL,
		"Print the version and what it was built with.\v"
		"Example:\n  racelab version",
		only_common,
		NULL,
		NULL
	};
	struct common_options options = { 0 };

	options_parse(&argp, "version", argc, argv, &options);
	if (options.json)
		return print_json();
	(void)printf("racelab %s", build_info.version);
	if (build_info.revision[0])
		(void)printf(" (%s)", build_info.revision);
	(void)printf("\n%s\n%s\n", build_info.compiler, build_info.cflags);
	return STATUS_OK;
}
