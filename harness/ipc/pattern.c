#include "harness/ipc/pattern.h"

#include <string.h>

#include "harness/base/clock.h"
#include "sync/cpu.h"

/*
 * Both odd, so that two messages, and two places, differ in the lowest byte
 * unless they are a multiple of 256 apart; and in the others then.
 */
static const uint64_t per_message = 0x9e3779b97f4a7c15;
static const uint64_t per_word = 0xbf58476d1ce4e5b9;

static uint64_t first_word(uint64_t number)
{
	return (number + 1) * per_message;
}

void pattern_fill(void *buffer, size_t bytes, uint64_t number)
{
	uint64_t *to = buffer, word = first_word(number);
	size_t words = bytes / sizeof(word);

	for (size_t i = 0; i < words; i++, word += per_word)
		to[i] = word;
	memcpy(to + words, &word, bytes % sizeof(word));
}

unsigned char pattern_byte(uint64_t number, size_t place)
{
	uint64_t word = first_word(number) + place / sizeof(word) * per_word;
	unsigned char byte[sizeof(word)];

	memcpy(byte, &word, sizeof(word));
	return byte[place % sizeof(word)];
}

size_t pattern_check(const void *buffer, size_t bytes, uint64_t number)
{
	const uint64_t *from = buffer;
	const unsigned char *byte = buffer;
	uint64_t word = first_word(number);
	size_t words = bytes / sizeof(word), place;

	for (place = 0; place < words && from[place] == word; place++)
		word += per_word;
	/* Of a whole word that is wrong, or of the last few bytes. */
	for (place *= sizeof(word); place < bytes; place++) {
		if (byte[place] != pattern_byte(number, place))
			break;
	}
	return place;
}

/* At least 2 ms: reading the clock is nothing beside that. */
double pattern_mb_per_s(void *buffer, size_t bytes)
{
	uint64_t begin = clock_now_ns(), now, number = 0, wrong = 0;

	do {
		for (size_t done = 0; done < 65536; done += bytes, number++) {
			pattern_fill(buffer, bytes, number);
			wrong += pattern_check(buffer, bytes, number);
		}
		now = clock_now_ns();
	} while (now - begin < 2 * NS_PER_MS);
	(void)cpu_opaque(wrong); /* the checks are not for nothing */
	return (double)number * (double)bytes * 1e3 / (double)(now - begin);
}
