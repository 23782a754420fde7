/* Each channel by its own name: one a file, ipc_NAME in NAME.c. */
#ifndef HARNESS_IPC_CHANNELS_H
#define HARNESS_IPC_CHANNELS_H

#include "harness/ipc/ipc.h"

extern const struct ipc_channel ipc_pipe, ipc_fifo, ipc_unix_stream,
        ipc_unix_dgram, ipc_sysv_msg, ipc_posix_mq, ipc_shm_sem, ipc_shm_futex,
        ipc_shm_spin;

#endif
