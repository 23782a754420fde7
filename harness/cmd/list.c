#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"

static const struct {
	unsigned claim;
	const char *name;
} claims[] = {
	{ SYNC_EXCLUDES, "excludes" },
	{ SYNC_SLEEPS, "sleeps" },
	{ SYNC_RECOVERS, "recovers" },
	{ SYNC_FIFO, "fifo" },
};

enum { CLAIMS = sizeof(claims) / sizeof(claims[0]) };

static json_t *strategy_json(const struct sync_strategy *strategy)
{
	json_t *names = json_array();

	for (size_t i = 0; i < CLAIMS; i++) {
		if (strategy->ops->claims & claims[i].claim)
			(void)json_array_append_new(
			        names, json_string(claims[i].name));
	}
	return json_pack("{s:s, s:s, s:o, s:b, s:i, s:s?}", "name",
	                 strategy->name, "summary", strategy->ops->summary,
	                 "claims", names, "demo", (int)strategy->ops->demo,
	                 "max_workers", (int)run_strategy_workers_max(strategy),
	                 "source", strategy->ops->source);
}

static int list_json(void)
{
	json_t *list = json_array();
	int err;

	for (size_t i = 0; i < sync_registry_count; i++)
		(void)json_array_append_new(list,
		                            strategy_json(sync_registry[i]));
	err = json_dumpf(list, stdout, JSON_INDENT(2));
	(void)putchar('\n');
	json_decref(list);
	return err ? STATUS_OUTPUT : STATUS_OK;
}

/* " [excludes, fifo]", or nothing. */
static void print_marks(const struct sync_ops *ops)
{
	const char *between = " [";

	for (size_t i = 0; i < CLAIMS; i++) {
		if (!(ops->claims & claims[i].claim))
			continue;
		(void)printf("%s%s", between, claims[i].name);
		between = ", ";
	}
	if (ops->demo)
		(void)printf("%sdemo", between);
	if (ops->claims || ops->demo)
		(void)putchar(']');
}

static int longest_name(void)
{
	size_t longest = 0;

	for (size_t i = 0; i < sync_registry_count; i++) {
		size_t length = strlen(sync_registry[i]->name);

		longest = length > longest ? length : longest;
	}
	return (int)longest;
}

static int list_text(void)
{
	int columns = longest_name();

	for (size_t i = 0; i < sync_registry_count; i++) {
		(void)printf("%-*s %s", columns, sync_registry[i]->name,
		             sync_registry[i]->ops->summary);
		print_marks(sync_registry[i]->ops);
		(void)putchar('\n');
	}
	return STATUS_OK;
}

int cmd_list(int argc, char **argv)
{
	static const struct argp argp = {
		NULL,
		parse_only_common,
		NULL,
		"List the strategies, with what each of them claims.\v"
		"Example:\n  racelab list\n\n"
		"Claims: excludes (no update is ever lost), sleeps (waits in "
		"the kernel), recovers (outlives a worker killed inside), fifo "
		"(first come, first served). A demo is broken on purpose, and "
		"runs only where it is named.",
		only_common,
		NULL,
		NULL
	};
	struct common_options options = { 0 };

	options_parse(&argp, "list", argc, argv, &options);
	return options.json ? list_json() : list_text();
}
