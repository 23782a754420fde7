/*
 * One run of `racelab ipc` from the specification to the archive: measurements
 * in random blocks, a record after each, kept whatever comes.
 */
#ifndef HARNESS_CMD_IPC_SESSION_H
#define HARNESS_CMD_IPC_SESSION_H

#include "harness/cmd/session.h"
#include "harness/ipc/spec.h"

/*
 * Makes the measurements of SPEC and collects their records in ARCHIVE, which
 * starts zeroed. Prints what went wrong. Returns a status: STATUS_OK, _WORKER
 * (a message was damaged, or a process died or was stuck), _RESOURCE, _OUTPUT,
 * _IMPOSSIBLE, or 128 + the signal that interrupted it.
 */
int ipc_session_run(const struct ipc_spec *spec,
                    const struct session_options *options,
                    struct archive *archive);

#endif
