#include "harness/explore/spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/explore/witness.h"

enum { MEBIBYTE = 1 << 20 };

static const char *const searches[] = {
	[SEARCH_ALL] = "all",       [SEARCH_EVERY] = "every",
	[SEARCH_RANDOM] = "random", [SEARCH_PCT] = "pct",
	[SEARCH_POS] = "pos",
};

static const char *const memories[] = {
	[MEMORY_SC] = "sc", [MEMORY_TSO] = "tso"
};

const char *search_name(enum search_kind search)
{
	return searches[search];
}

const char *memory_name(enum memory_model memory)
{
	return memories[memory];
}

/* Which of the names TEXT is; -1 and a complaint where it is none. */
static int choice(const char *option, const char *text,
                  const char *const *names, int count, const char *all,
                  struct complaint *complaint)
{
	for (int i = 0; i < count; i++) {
		if (strcmp(text, names[i]) == 0)
			return i;
	}
	complain(complaint, option, "\"%s\" is none of %s", text, all);
	return -1;
}

/* A number that may be left out. */
static int number(const char *option, const char *text, uint64_t min,
                  uint64_t max, uint64_t *value, struct complaint *complaint)
{
	if (!text || text_number(text, min, max, value) == 0)
		return 0;
	complain(complaint, option,
	         "\"%s\" is not a whole number from %llu to %llu", text,
	         (unsigned long long)min, (unsigned long long)max);
	return -EINVAL;
}

static int parse_machine(struct machine_spec *spec,
                         const struct explore_text *text,
                         struct complaint *complaint)
{
	uint64_t workers = 0, increments = 2, buffer = WITNESS_BUFFER;
	uint64_t spurious = WITNESS_SPURIOUS;
	int memory = MEMORY_SC;

	if (number("--workers", text->workers, 1, MODEL_WORKERS, &workers,
	           complaint) ||
	    number("--increments", text->increments, 1, UINT32_MAX, &increments,
	           complaint) ||
	    number("--buffer", text->buffer, 1, BUFFER_MAX, &buffer,
	           complaint) ||
	    number("--spurious", text->spurious, 0, 100, &spurious, complaint))
		return -EINVAL;
	if (text->memory)
		memory = choice("--memory", text->memory, memories, 2,
		                "sc, tso", complaint);
	if (memory < 0)
		return -EINVAL;
	*spec = (struct machine_spec){
		.workers = (unsigned)workers,
		.increments = increments,
		.memory = (enum memory_model)memory,
		.buffer = (unsigned)buffer,
		.spurious = (unsigned)spurious,
	};
	return 0;
}

static int parse_search(struct explore_spec *spec,
                        const struct explore_text *text,
                        struct complaint *complaint)
{
	uint64_t preemptions = 0, depth = 3, executions = 100000;
	int search = SEARCH_ALL;

	spec->seed = 1;
	if (text->search)
		search = choice("--search", text->search, searches, 5,
		                "all, every, random, pct, pos", complaint);
	if (search < 0 ||
	    number("--preemptions", text->preemptions, 0, 1000, &preemptions,
	           complaint) ||
	    number("--depth", text->depth, 1, 16, &depth, complaint) ||
	    number("--seed", text->seed, 0, UINT64_MAX, &spec->seed,
	           complaint) ||
	    number("--executions", text->executions, 1, UINT64_MAX, &executions,
	           complaint))
		return -EINVAL;
	if (text->preemptions && search != SEARCH_ALL) {
		complain(complaint, "--preemptions",
		         "only --search=all can be bounded so");
		return -EINVAL;
	}
	spec->search = (enum search_kind)search;
	spec->preemptions = text->preemptions ? (int)preemptions : EXPLORE_ANY;
	spec->depth = (unsigned)depth;
	spec->executions = executions;
	return 0;
}

static int parse_seconds(const char *text, double *seconds,
                         struct complaint *complaint)
{
	char *end;

	*seconds = 60;
	if (!text)
		return 0;
	*seconds = strtod(text, &end);
	if (end != text && *end == '\0' && *seconds > 0 && *seconds <= 1e6)
		return 0;
	complain(complaint, "--max-seconds",
	         "\"%s\" is not a time above 0, up to 1000000", text);
	return -EINVAL;
}

int explore_spec_parse(struct explore_spec *spec,
                       const struct explore_text *text,
                       struct complaint *complaint)
{
	uint64_t mib = 1024;

	*spec = (struct explore_spec){ .outcomes = text->outcomes };
	if (parse_machine(&spec->machine, text, complaint) ||
	    parse_search(spec, text, complaint) ||
	    parse_seconds(text->max_seconds, &spec->max_seconds, complaint) ||
	    number("--max-memory", text->max_mib, 1, 1 << 20, &mib, complaint))
		return -EINVAL;
	spec->max_bytes = mib * MEBIBYTE;
	return 0;
}
