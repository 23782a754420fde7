/*
 * Messages one behind the other, as pipes, sockets and queues keep them. Each has
 * a tag: its type or its priority. What is not used is zero.
 */
#ifndef HARNESS_EXPLORE_MODEL_QUEUE_H
#define HARNESS_EXPLORE_MODEL_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { QUEUE_BYTES = 760 };

struct queue {
	uint16_t used; /* of bytes */
	uint16_t count;
	unsigned char bytes[QUEUE_BYTES];
};

/* Stands at a place in bytes, followed by that many bytes; not aligned. */
struct queue_head {
	uint32_t tag;
	uint16_t size;
};

/* Appends. Returns false where there is no room. */
bool queue_put(struct queue *queue, uint32_t tag, const void *bytes,
               size_t size);

/*
 * Walks through the queue: *PLACE is 0 for the oldest, and is set to what comes
 * behind the message whose head is returned in *head. False at the end.
 */
bool queue_next(const struct queue *queue, size_t *place,
                struct queue_head *head);

/* Takes out the message that begins at PLACE: its first SIZE bytes go to BYTES. */
void queue_take(struct queue *queue, size_t place, void *bytes, size_t size);

/* The same without heads and tags, for streams. Takes SIZE bytes, which are there.
 */
bool queue_put_bytes(struct queue *queue, const void *bytes, size_t size);
void queue_take_bytes(struct queue *queue, void *bytes, size_t size);

#endif
