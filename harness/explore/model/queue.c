#include "harness/explore/model/queue.h"

#include <string.h>

enum { HEAD = 6 }; /* bytes: those of struct queue_head, without its padding */

static void write_head(unsigned char *to, uint32_t tag, uint16_t size)
{
	memcpy(to, &tag, sizeof(tag));
	memcpy(to + sizeof(tag), &size, sizeof(size));
}

static void remove_bytes(struct queue *queue, size_t place, size_t size)
{
	size_t rest = queue->used - place - size;

	memmove(queue->bytes + place, queue->bytes + place + size, rest);
	queue->used = (uint16_t)(queue->used - size);
	memset(queue->bytes + queue->used, 0, size);
}

bool queue_put_bytes(struct queue *queue, const void *bytes, size_t size)
{
	if (size > (size_t)QUEUE_BYTES - queue->used)
		return false;
	memcpy(queue->bytes + queue->used, bytes, size);
	queue->used = (uint16_t)(queue->used + size);
	return true;
}

void queue_take_bytes(struct queue *queue, void *bytes, size_t size)
{
	memcpy(bytes, queue->bytes, size);
	remove_bytes(queue, 0, size);
}

bool queue_put(struct queue *queue, uint32_t tag, const void *bytes,
               size_t size)
{
	unsigned char head[HEAD];

	if (size + HEAD > (size_t)QUEUE_BYTES - queue->used)
		return false;
	write_head(head, tag, (uint16_t)size);
	(void)queue_put_bytes(queue, head, HEAD);
	(void)queue_put_bytes(queue, bytes, size);
	queue->count++;
	return true;
}

bool queue_next(const struct queue *queue, size_t *place,
                struct queue_head *head)
{
	const unsigned char *at = queue->bytes + *place;

	if (*place >= queue->used)
		return false;
	memcpy(&head->tag, at, sizeof(head->tag));
	memcpy(&head->size, at + sizeof(head->tag), sizeof(head->size));
	*place += HEAD + head->size;
	return true;
}

void queue_take(struct queue *queue, size_t place, void *bytes, size_t size)
{
	struct queue_head head = { 0 };
	size_t behind = place;

	(void)queue_next(queue, &behind, &head);
	memcpy(bytes, queue->bytes + place + HEAD, size);
	remove_bytes(queue, place, behind - place);
	queue->count--;
}
