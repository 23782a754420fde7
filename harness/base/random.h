/* Seeded random numbers, the same on every machine, and run identifiers. */
#ifndef HARNESS_BASE_RANDOM_H
#define HARNESS_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* SplitMix64 (Steele, Lea, Flood 2014): any seed will do, 0 included. */
struct random {
	uint64_t state;
};

uint64_t random_next(struct random *random);

/* A number below LIMIT, which is above 0; each as likely as the others. */
uint64_t random_below(struct random *random, uint64_t limit);

/* Puts the COUNT numbers into random order (Fisher and Yates). */
void random_shuffle(struct random *random, unsigned *items, size_t count);

/* A seed from the kernel. */
uint64_t random_seed(void);

/* Room for a UUID as text. */
enum { RANDOM_UUID = 37 };

/* A random UUID, RFC 9562 version 4. */
void random_uuid(char uuid[RANDOM_UUID]);

#endif
