/* The janitor stands in base, since others than run have something to leave. */
#ifndef HARNESS_RUN_JANITOR_H
#define HARNESS_RUN_JANITOR_H

#include "harness/base/janitor.h"

#endif
