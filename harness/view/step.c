#include "harness/view/step.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/view/words.h"

/* --- values */

static const char *in_hexadecimal(const unsigned char *bytes, uint32_t size,
                                  char text[STEP_VALUE])
{
	char *at = text + sprintf(text, "0x");
	bool begun = false;

	for (uint32_t i = size; i-- > 0;) { /* the highest is the last */
		begun |= bytes[i] || i == 0;
		if (begun)
			at += sprintf(at, at == text + 2 ? "%x" : "%02x",
			              bytes[i]);
	}
	return text;
}

static uint64_t unsigned_of(const unsigned char *bytes, uint32_t size)
{
	uint64_t eight;
	uint32_t four;
	uint16_t two;

	if (size == 1)
		return bytes[0];
	if (size == 2)
		return memcpy(&two, bytes, sizeof(two)), two;
	if (size == 4)
		return memcpy(&four, bytes, sizeof(four)), four;
	return memcpy(&eight, bytes, sizeof(eight)), eight;
}

const char *step_value(const unsigned char *bytes, uint32_t size,
                       char text[STEP_VALUE])
{
	static const uint64_t small = 65536, large = UINT64_C(1000000000000);
	uint64_t value, below;

	if (size != 1 && size != 2 && size != 4 && size != 8)
		return in_hexadecimal(bytes, size > 16 ? 16 : size, text);
	value = unsigned_of(bytes, size);
	below = size == 8 ? -value : (UINT64_C(1) << 8 * size) - value;
	if (size >= 4 && value && below <= small)
		(void)snprintf(text, STEP_VALUE, "-%" PRIu64, below);
	else if (value > large)
		return in_hexadecimal(bytes, size, text);
	else
		(void)snprintf(text, STEP_VALUE, "%" PRIu64, value);
	return text;
}

/* --- what a step is */

static bool is_flush(const struct replay_step *step)
{
	return step->move.way == WAY_FLUSH;
}

const char *step_name(const struct replay_step *step)
{
	static const char *const names[] = {
		[OP_NONE] = "none",   [OP_LOAD] = "load",
		[OP_STORE] = "store", [OP_RMW] = "exchange",
		[OP_FENCE] = "fence", [OP_CALL] = "call",
	};

	return is_flush(step) ? "flush" : names[step->kind];
}

bool step_writes(const struct replay_step *step)
{
	if (!step->touches || step->buffered)
		return false;
	if (step->kind == OP_RMW) /* one that compares may change nothing */
		return memcmp(step->before, step->cell.bytes,
		              step->cell.size) != 0;
	return is_flush(step) || step->kind == OP_STORE;
}

/* --- what the steps before have to do with it */

static bool same_cell(const struct cell *a, const struct cell *b)
{
	return a->offset == b->offset && a->size == b->size;
}

static bool overlap(const struct cell *a, const struct cell *b)
{
	return a->offset < b->offset + b->size &&
	       b->offset < a->offset + a->size;
}

/*
 * A store right after a load of the same cell, as x = x + 1 makes it: what was
 * stored there in between, the worker cannot know of. One without a load is
 * meant to overwrite.
 */
static size_t load_before(const struct replay *replay, size_t previous,
                          const struct replay_step *step)
{
	const struct replay_step *load;

	if (previous == 0 || step->kind != OP_STORE || !step->touches)
		return 0;
	load = &replay->step[previous - 1];
	return load->kind == OP_LOAD && same_cell(&load->cell, &step->cell)
	               ? previous
	               : 0;
}

static void find_lost(const struct replay *replay, size_t index,
                      struct step_past *with)
{
	const struct replay_step *step = &replay->step[index];

	for (size_t i = with->loaded; i < index; i++) {
		const struct replay_step *other = &replay->step[i];

		if (other->move.worker == step->move.worker ||
		    !step_writes(other) || !overlap(&other->cell, &step->cell))
			continue;
		if (with->lost++ == 0)
			with->first_lost = i + 1;
		with->last_lost = i + 1;
	}
}

struct step_past past_add(struct past *past, const struct replay *replay,
                          size_t index)
{
	const struct replay_step *step = &replay->step[index];
	unsigned worker = step->move.worker % MODEL_WORKERS;
	size_t *issued = past->worker[worker].issued;
	size_t *loaded = past->worker[worker].loaded;
	unsigned stores = past->worker[worker].stores;
	struct step_past with = { 0 };

	if (is_flush(step)) {
		with.issued = issued[0];
		with.loaded = loaded[0];
		memmove(issued, issued + 1, (BUFFER_MAX - 1) * sizeof(*issued));
		memmove(loaded, loaded + 1, (BUFFER_MAX - 1) * sizeof(*loaded));
	} else {
		with.loaded = load_before(replay, past->worker[worker].previous,
		                          step);
		past->worker[worker].previous = index + 1;
		with.defers = step->stores > stores && stores < BUFFER_MAX;
	}
	if (with.defers) {
		issued[stores] = index + 1;
		loaded[stores] = with.loaded;
	}
	past->worker[worker].stores = step->stores;
	if (with.loaded && step_writes(step))
		find_lost(replay, index, &with);
	return with;
}

/* --- in words */

static void say(char text[STEP_TEXT], const char *format, ...)
        __attribute__((format(printf, 2, 3)));
static void say(char text[STEP_TEXT], const char *format, ...)
{
	size_t used = strlen(text);
	va_list list;

	va_start(list, format);
	(void)vsnprintf(text + used, STEP_TEXT - used, format, list);
	va_end(list);
}

static const char *short_name(const char *call)
{
	static const char prefix[] = "pthread_";
	size_t length = sizeof(prefix) - 1;

	return strncmp(call, prefix, length) == 0 ? call + length : call;
}

static void say_cell(char text[STEP_TEXT], const struct verdict_names *names,
                     const struct cell *cell, const char *is)
{
	char name[NAMES_TEXT], value[STEP_VALUE];

	say(text, "%s%s%s", names_cell(names, cell->offset, name), is,
	    step_value(cell->bytes, cell->size, value));
}

/* An entry without a size is a call that has not taken effect yet. */
static void say_entry(char text[STEP_TEXT], const struct replay *replay,
                      const struct verdict_names *names,
                      const struct cell *entry, size_t issued)
{
	if (entry->size)
		say_cell(text, names, entry, "=");
	else
		say(text, "%s",
		    issued ? short_name(replay->step[issued - 1].call)
		           : "call");
}

static void say_buffer(char text[STEP_TEXT], const struct replay *replay,
                       const struct verdict_names *names,
                       const struct past *past, const struct replay_step *step)
{
	unsigned worker = step->move.worker % MODEL_WORKERS;

	for (unsigned i = 0; i < step->stores && i < BUFFER_MAX; i++) {
		say(text, i ? " " : "[");
		say_entry(text, replay, names, &step->buffer[i],
		          past->worker[worker].issued[i]);
	}
	say(text, "]");
}

static void say_access(char text[STEP_TEXT], const struct replay_step *step,
                       const struct verdict_names *names, bool brief)
{
	bool exchange = step->kind == OP_RMW;
	char value[STEP_VALUE];

	say(text, "%s%s%s %s",
	    step->atomic && !exchange && !brief ? "atomic " : "",
	    step_name(step), exchange ? " got" : "",
	    step_value(exchange ? step->before : step->cell.bytes,
	               step->cell.size, value));
	if (step->kind == OP_LOAD && step->buffered) {
		say(text, " [");
		say_cell(text, names, &step->cell, "=");
		say(text, "]");
	}
}

static void say_call(char text[STEP_TEXT], const struct replay_step *step)
{
	say(text, "%s", short_name(step->call));
	if (step->result < 0)
		say(text, " = %s", text_errno((int)-step->result));
	else if (step->result > 0)
		say(text, " = %" PRId64, step->result);
	if (step->move.way == WAY_SPURIOUS)
		say(text, " wakes up for no reason");
	else if (step->move.way)
		say(text, " (way %u)", step->move.way + 0u);
}

static void say_flush(char text[STEP_TEXT], const struct replay_step *step,
                      const struct verdict_names *names)
{
	say(text, "[");
	if (step->touches)
		say_cell(text, names, &step->cell, "=");
	else
		say(text, "%s", short_name(step->call));
	say(text, "]");
}

static void say_worker(const struct replay *replay,
                       const struct verdict_names *names, size_t index,
                       bool brief, char text[STEP_TEXT])
{
	const struct replay_step *step = &replay->step[index];

	if (is_flush(step))
		say_flush(text, step, names);
	else if (step->kind == OP_CALL)
		say_call(text, step);
	else if (step->touches)
		say_access(text, step, names, brief);
	else
		say(text, "%s", step_name(step));
}

static bool is_cut_short(const struct replay *replay, size_t index)
{
	return index + 1 == replay->count &&
	       (replay->outcome.kind == VERDICT_CRASH ||
	        replay->outcome.kind == VERDICT_UNFINISHED);
}

static void say_memory(const struct replay_step *step,
                       const struct verdict_names *names, bool brief,
                       struct step_words *words)
{
	char value[STEP_VALUE];

	if (!step->touches || step->buffered)
		return;
	say_cell(words->memory, names, &step->cell, brief ? "=" : " = ");
	if (is_flush(step) || step->kind == OP_STORE)
		words->arrow = ARROW_STORE;
	else
		words->arrow = step->kind == OP_RMW ? ARROW_BOTH : ARROW_LOAD;
	if (words->arrow != ARROW_LOAD && !brief)
		say(words->memory, " (was %s)",
		    step_value(step->before, step->cell.size, value));
}

void step_say(const struct replay *replay, const struct verdict_names *names,
              const struct past *past, size_t index,
              const struct step_past *with, bool brief,
              struct step_words *words)
{
	const struct replay_step *step = &replay->step[index];

	words->worker[0] = words->memory[0] = '\0';
	words->arrow = ARROW_NONE;
	say_worker(replay, names, index, brief, words->worker);
	if (with->defers) {
		say(words->worker, " ");
		say_buffer(words->worker, replay, names, past, step);
	}
	if (step->ended)
		say(words->worker, "%s",
		    is_cut_short(replay, index) ? " (stops)" : " (end)");
	say_memory(step, names, brief, words);
}
