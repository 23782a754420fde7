/* Semaphores: what sem.c and sem_open.c have in common. */
#ifndef HARNESS_EXPLORE_MODEL_SEM_H
#define HARNESS_EXPLORE_MODEL_SEM_H

#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>

#include "harness/explore/model/model.h"

struct sem {
	uint32_t value;
	bool shared;
};

/* The one that a sem_t at ADDRESS stands for, to be changed. */
struct sem *sem_at(struct model *model, unsigned worker, uint64_t address);

/* Whether sem_open() made it. */
bool sem_is_named(uint64_t address);

#endif
