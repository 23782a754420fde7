/*
 * Why something was refused or failed, as a person needs to read it:
 *
 *	racelab: WHAT: WHY
 *	  CURE
 *
 * Libraries fill one in and return a negative errno; only harness/cmd prints.
 */
#ifndef HARNESS_BASE_COMPLAINT_H
#define HARNESS_BASE_COMPLAINT_H

struct complaint {
	char what[96];
	char why[256];
	char cure[256]; /* empty where there is none */
};

/* Sets what and why, and clears the cure. Too long a text is cut. */
void complain(struct complaint *complaint, const char *what, const char *why,
              ...) __attribute__((format(printf, 3, 4)));

void complain_cure(struct complaint *complaint, const char *cure, ...)
        __attribute__((format(printf, 2, 3)));

#endif
