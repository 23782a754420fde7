/* The channels, as they stand in lists: what the kernel carries first. */
#include <string.h>

#include "harness/ipc/channels.h"

const struct ipc_channel *const ipc_channels[] = {
	&ipc_pipe,     &ipc_fifo,     &ipc_unix_stream, &ipc_unix_dgram,
	&ipc_sysv_msg, &ipc_posix_mq, &ipc_shm_sem,     &ipc_shm_futex,
	&ipc_shm_spin, NULL,
};

const struct ipc_channel *ipc_channel(const char *name)
{
	for (size_t i = 0; ipc_channels[i]; i++) {
		if (strcmp(ipc_channels[i]->name, name) == 0)
			return ipc_channels[i];
	}
	return NULL;
}
