/*
 * The explored machine: workers, the memory that they share, what is modelled of
 * kernel and libc. It does one step at a time, tells what could come next, and
 * can be taken back.
 *
 *	machine_open -> machine_start -> { machine_moves, machine_step }* -> machine_end
 *
 * There is one machine a process at a time: hooks find it without an argument.
 * A crash of the explored code becomes the machine's stop; code that writes
 * where it should not can take the process down all the same.
 */
#ifndef HARNESS_EXPLORE_MACHINE_H
#define HARNESS_EXPLORE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/complaint.h"
#include "harness/explore/model/model.h"
#include "harness/explore/worker.h"
#include "harness/target/adaptor.h"

enum memory_model {
	MEMORY_SC,  /* sequential consistency (Lamport 1979) */
	MEMORY_TSO, /* x86: see tso.h */
};

struct machine_spec {
	unsigned workers; /* 1 to MODEL_WORKERS */
	uint64_t increments;
	enum memory_model memory;
	unsigned buffer;   /* entries of a store buffer, 1 to BUFFER_MAX */
	unsigned spurious; /* wake-ups for no reason, in one execution */
	bool real;         /* workers are processes; it goes only forwards */
};

/* What could happen next. */
struct move {
	uint8_t worker;
	uint8_t way; /* of a call that can go on in several ways, or one of: */
};

enum {
	WAY_FLUSH = 0xfe, /* the oldest store in the buffer gets to memory */
	WAY_SPURIOUS = MODEL_SPURIOUS,
	MACHINE_MOVES = 255, /* at most, at a time */
};

struct machine {
	struct machine_spec spec;
	const struct target *target;
	struct adaptor adaptor;
	size_t shared_bytes;
	size_t data_bytes; /* the target's globals */
	unsigned char *heap;
	unsigned char *stacks; /* of all workers, one after another */
	size_t stacks_bytes;
	struct model *model;
	struct worker *workers; /* and, after the last one, the parent */
	struct stop *stop;      /* kind STOP_NOT as long as none has stopped */
	uint64_t steps;         /* ever, to see that it goes on */
};

/*
 * Fills in the number of workers where it is 0, and the increments of a program.
 * Returns 0, or -EINVAL and a complaint where TARGET cannot have so many.
 */
int machine_fit(struct machine_spec *spec, const struct target *target,
                struct complaint *complaint);

/*
 * Makes the memory for TARGET, which stays the caller's. Returns 0 or -errno
 * (-ENOMEM, -E2BIG: more shared memory than can be explored); machine_close()
 * copes with what is there then.
 */
int machine_open(struct machine *machine, const struct target *target,
                 const struct machine_spec *spec);
void machine_close(struct machine *machine);

/*
 * Runs init, forks, and runs each worker up to its first step. Not a step
 * itself. The machine may have stopped afterwards.
 */
void machine_start(struct machine *machine);

/*
 * Stores what could come next; returns how many. None once it has stopped, or
 * is stuck: a wake-up for no reason may happen, but nobody can wait for one.
 */
unsigned machine_moves(struct machine *machine, struct move *moves);

/* Makes a move, one of machine_moves(). */
void machine_step(struct machine *machine, struct move move);

/* How far it is. */
static inline bool machine_stopped(const struct machine *machine)
{
	return machine->stop->kind != STOP_NOT;
}

/* Whether all workers have ended and all stores are in memory. */
bool machine_ended(const struct machine *machine);

/*
 * After machine_ended(): the total of a strategy, or what a program's check says
 * (copied to MESSAGE; empty where nothing is wrong). May stop the machine.
 */
uint64_t machine_total(struct machine *machine);
void machine_check(struct machine *machine, char *message, size_t size);

/* Of everything that tells this state from another. */
void machine_hash(struct machine *machine, uint64_t hash[2]);

/* Of all of that but what is private to each worker. */
uint64_t machine_hash_outside(const struct machine *machine);

/* Of what kernel and libc know. */
void machine_hash_model(const struct machine *machine, uint64_t hash[2]);

/* Of what WORKER knows alone; valid until its next move. */
const uint64_t *machine_hash_worker(struct machine *machine, unsigned worker);

/*
 * What one move of WORKER could change, as bytes: how many there are now, and
 * away and back. A restore takes back everything since the save, provided that
 * what other workers did meanwhile was taken back before.
 */
size_t machine_saved_bytes(const struct machine *machine, unsigned worker);
void machine_save(const struct machine *machine, unsigned worker,
                  unsigned char *tape);
void machine_restore(struct machine *machine, unsigned worker,
                     const unsigned char *tape);

#endif
