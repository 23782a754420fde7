/* Spinlocks, as far as the search must know of them: see spin.c. */
#ifndef HARNESS_EXPLORE_MODEL_SPIN_H
#define HARNESS_EXPLORE_MODEL_SPIN_H

#include "harness/explore/model/model.h"

/* A plain store, that goes through the store buffer. */
extern const struct model_call spin_unlock_call;

#endif
