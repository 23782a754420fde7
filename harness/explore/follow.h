/*
 * Going through a schedule on a machine, and telling what each step did: for
 * replay.h, and for the text of a witness.
 */
#ifndef HARNESS_EXPLORE_FOLLOW_H
#define HARNESS_EXPLORE_FOLLOW_H

#include "harness/explore/replay.h"

/* Makes a move that is possible, and fills in STEP. */
void follow_move(struct machine *machine, struct move move,
                 struct replay_step *step);

/* Whether the move is possible now. */
bool follow_can(struct machine *machine, struct move move);

/* A digest of the steps so far and of one more; begins with 0. */
uint32_t follow_digest(uint32_t digest, const struct replay_step *step);

/*
 * Writes the schedule of COUNT moves from where MACHINE stands as text, and its
 * digest. Returns false where it does not fit. The machine is then at its end.
 */
bool follow_text(struct machine *machine, const struct move *moves,
                 size_t count, char *text, size_t size, uint32_t *digest);

#endif
