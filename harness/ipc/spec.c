#include "harness/ipc/spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/cpus.h"
#include "harness/base/text.h"

static const unsigned long default_ms = 50, default_trials = 7;
/* As many as there are between a byte and a page, and between that and 1 MB. */
static const char default_sizes[] = "1,64,4096,65536,1048576";

/* --- reading */

static bool has(const struct ipc_spec *spec, const struct ipc_channel *channel)
{
	for (size_t i = 0; i < spec->channels_count; i++) {
		if (spec->channels[i] == channel)
			return true;
	}
	return false;
}

static void add(struct ipc_spec *spec, const struct ipc_channel *channel)
{
	if (!has(spec, channel))
		spec->channels[spec->channels_count++] = channel;
}

static int parse_channels(struct ipc_spec *spec, const struct ipc_text *text,
                          struct complaint *complaint)
{
	for (size_t i = 0; i < text->channels_count; i++) {
		const struct ipc_channel *channel =
		        ipc_channel(text->channels[i]);

		if (!channel) {
			complain(complaint, text->channels[i],
			         "there is no such channel");
			complain_cure(complaint,
			              "racelab ipc --list shows the channels");
			return -EINVAL;
		}
		add(spec, channel);
	}
	for (size_t i = 0; ipc_channels[i] && text->channels_count == 0; i++)
		add(spec, ipc_channels[i]);
	return 0;
}

static int upwards(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

static int parse_sizes(struct ipc_spec *spec, const char *text,
                       struct complaint *complaint)
{
	size_t kept = 0;
	int err;

	err = text_numbers(text ? text : default_sizes, 1, IPC_BYTES_MAX,
	                   spec->bytes, IPC_SIZES_MAX, &spec->bytes_count);
	if (err == -E2BIG)
		complain(complaint, text, "more than %d sizes in one run",
		         IPC_SIZES_MAX);
	else if (err)
		complain(complaint, text,
		         "sizes are a number of bytes from 1 to %d, or a list "
		         "as 1,64,4096",
		         IPC_BYTES_MAX);
	if (err)
		return err;
	qsort(spec->bytes, spec->bytes_count, sizeof(spec->bytes[0]), upwards);
	for (size_t i = 0; i < spec->bytes_count; i++) {
		if (kept == 0 || spec->bytes[i] != spec->bytes[kept - 1])
			spec->bytes[kept++] = spec->bytes[i];
	}
	spec->bytes_count = kept;
	return 0;
}

/* VALUE keeps what it has where nothing was said. */
static int parse_number(const char *text, const char *of, uint64_t min,
                        uint64_t max, uint64_t *value,
                        struct complaint *complaint)
{
	int err = text ? text_number(text, min, max, value) : 0;

	if (err)
		complain(complaint, text,
		         "%s must be a number from %llu to %llu", of,
		         (unsigned long long)min, (unsigned long long)max);
	return err;
}

static int parse_numbers(struct ipc_spec *spec, const struct ipc_text *text,
                         struct complaint *complaint)
{
	uint64_t ms = default_ms, trials = default_trials;
	int err;

	spec->seed = random_seed();
	err = parse_number(text->time_ms, "the milliseconds of a measurement",
	                   1, IPC_TIME_MAX_MS, &ms, complaint);
	if (!err)
		err = parse_number(text->trials, "the trials", 1,
		                   IPC_TRIALS_MAX, &trials, complaint);
	if (!err)
		err = parse_number(text->seed, "the seed", 0, UINT64_MAX,
		                   &spec->seed, complaint);
	spec->time_ns = ms * NS_PER_MS;
	spec->trials = (unsigned)trials;
	return err;
}

static int parse_pin(struct ipc_spec *spec, const char *text,
                     struct complaint *complaint)
{
	struct cpus *cpus;
	bool same = text && strcmp(text, "same") == 0;
	int err;

	if (text && !same && strcmp(text, "spread") != 0) {
		complain(complaint, text, "pinning is spread or same");
		return -EINVAL;
	}
	cpus = malloc(sizeof(*cpus));
	err = cpus ? cpus_allowed(cpus) : -ENOMEM;
	if (err)
		complain(complaint, "the CPUs allowed", "%s", strerror(-err));
	for (unsigned i = 0; i < 2 && !err; i++)
		spec->cpu[i] = cpus->cpu[same ? 0 : i % cpus->count];
	free(cpus);
	spec->pin = same ? "same" : "spread";
	return err;
}

int ipc_spec_parse(struct ipc_spec *spec, const struct ipc_text *text,
                   struct complaint *complaint)
{
	int err;

	*spec = (struct ipc_spec){ 0 };
	err = parse_channels(spec, text, complaint);
	if (!err)
		err = parse_sizes(spec, text->sizes, complaint);
	if (!err)
		err = parse_numbers(spec, text, complaint);
	if (!err)
		err = parse_pin(spec, text->pin, complaint);
	return err;
}

/* --- the order */

static size_t cells_of(const struct ipc_spec *spec)
{
	return spec->channels_count * spec->bytes_count * 2;
}

void ipc_plan_begin(struct ipc_plan *plan, const struct ipc_spec *spec)
{
	*plan = (struct ipc_plan){ .spec = spec, .random = { spec->seed } };
	for (unsigned cell = 0; cell < cells_of(spec); cell++)
		plan->order[cell] = cell;
}

size_t ipc_plan_size(const struct ipc_plan *plan)
{
	return cells_of(plan->spec) * plan->spec->trials;
}

bool ipc_plan_next(struct ipc_plan *plan, struct ipc_plan_item *item)
{
	const struct ipc_spec *spec = plan->spec;
	size_t cells = cells_of(spec), place = plan->next % cells;
	unsigned cell;

	if (plan->next >= ipc_plan_size(plan))
		return false;
	if (place == 0)
		random_shuffle(&plan->random, plan->order, cells);
	cell = plan->order[place];
	*item = (struct ipc_plan_item){
		.number = (unsigned)++plan->next,
		.block = (unsigned)((plan->next - 1) / cells) + 1,
		.first_of_block = place == 0,
	};
	item->order.mode = cell % 2 ? IPC_THROUGHPUT : IPC_LATENCY;
	item->order.bytes = spec->bytes[cell / 2 % spec->bytes_count];
	item->order.channel = spec->channels[cell / 2 / spec->bytes_count];
	item->order.time_ns = spec->time_ns;
	item->order.cpu[IPC_SENDER] = (int)spec->cpu[IPC_SENDER];
	item->order.cpu[IPC_RECEIVER] = (int)spec->cpu[IPC_RECEIVER];
	return true;
}
