#include "harness/cmd/draw_ways.h"

#include <errno.h>
#include <stdlib.h>

#include "harness/cmd/cmd.h"
#include "harness/view/figure.h"

static const struct {
	const char *name;
	char *(*csv)(const struct ways *ways);
} pictures[] = {
	{ "ipc_latency", ways_latency_csv },
	{ "ipc_throughput", ways_throughput_csv },
};

int draw_ways(const struct ways *ways, const struct draw_options *options)
{
	const struct comparison machine = { .archive = ways->archive };
	char *head = figure_head(&machine), *foot = ways_foot(ways);
	int status = STATUS_OK;

	for (size_t i = 0;
	     i < sizeof(pictures) / sizeof(pictures[0]) && status == STATUS_OK;
	     i++) {
		char *csv = pictures[i].csv(ways);

		status = csv && head && foot
		                 ? draw_csv(pictures[i].name, csv, head, foot,
		                            options)
		                 : say_error("plots", -ENOMEM, STATUS_RESOURCE);
		free(csv);
	}
	free(head);
	free(foot);
	return status;
}
