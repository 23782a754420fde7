/*
 * What channels that are a stream of bytes in a pair of descriptors share. A
 * stream knows no messages: the receiver knows how long each one is.
 */
#ifndef HARNESS_IPC_STREAM_H
#define HARNESS_IPC_STREAM_H

#include "harness/ipc/ipc.h"

/* As in struct ipc_channel; way->in and way->out are the descriptors. */
int stream_attach(const struct ipc_way *way, enum ipc_side side);
int stream_send(const struct ipc_way *way, const void *buffer, size_t bytes);
int stream_receive(const struct ipc_way *way, void *buffer, size_t bytes);
void stream_destroy(struct ipc_way *way);

#endif
