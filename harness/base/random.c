#include "harness/base/random.h"

#include <stdio.h>
#include <sys/random.h>

uint64_t random_next(struct random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

uint64_t random_below(struct random *random, uint64_t limit)
{
	/* Values at and above the largest multiple of limit would favour some. */
	uint64_t bound = UINT64_MAX - UINT64_MAX % limit;
	uint64_t value;

	do
		value = random_next(random);
	while (value >= bound);
	return value % limit;
}

void random_shuffle(struct random *random, unsigned *items, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t j = (size_t)random_below(random, i);
		unsigned item = items[i - 1];

		items[i - 1] = items[j];
		items[j] = item;
	}
}

uint64_t random_seed(void)
{
	uint64_t seed = 0;

	/* Not for secrets: were it to fail, 0 is as good a seed as any. */
	(void)!getrandom(&seed, sizeof(seed), 0);
	return seed;
}

void random_uuid(char uuid[RANDOM_UUID])
{
	uint64_t high = (random_seed() & ~UINT64_C(0xf000)) | 0x4000;
	uint64_t low =
	        (random_seed() & ~(UINT64_C(3) << 62)) | (UINT64_C(2) << 62);

	(void)snprintf(uuid, RANDOM_UUID, "%08x-%04x-%04x-%04x-%012llx",
	               (unsigned)(high >> 32), (unsigned)(high >> 16 & 0xffff),
	               (unsigned)(high & 0xffff), (unsigned)(low >> 48),
	               (unsigned long long)(low & 0xffffffffffff));
}
