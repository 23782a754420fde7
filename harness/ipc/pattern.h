/*
 * What messages say. Each word of eight bytes depends on the number of the
 * message and on its place in it, so that a byte that is lost, doubled, stale,
 * or of another message is seen; and it costs an addition, so that writing and
 * checking it takes no longer than using it would.
 */
#ifndef HARNESS_IPC_PATTERN_H
#define HARNESS_IPC_PATTERN_H

#include <stddef.h>
#include <stdint.h>

/* Writes the BYTES of message NUMBER. BUFFER is aligned for uint64_t. */
void pattern_fill(void *buffer, size_t bytes, uint64_t number);

/* The place of the first byte that is not as it should be; BYTES: none is. */
size_t pattern_check(const void *buffer, size_t bytes, uint64_t number);

/* The byte that should be at a place. */
unsigned char pattern_byte(uint64_t number, size_t place);

/* Million bytes a second that one process writes and checks in turn. */
double pattern_mb_per_s(void *buffer, size_t bytes);

#endif
