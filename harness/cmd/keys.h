/* Single keys from the terminal, without waiting for them. */
#ifndef HARNESS_CMD_KEYS_H
#define HARNESS_CMD_KEYS_H

#include <stdbool.h>
#include <termios.h>

struct keys {
	bool raw;
	struct termios before;
};

/* Takes the terminal of stdin out of line mode. Returns 0 or -errno. */
int keys_begin(struct keys *keys);

/* The key that was pressed, or 0; waits at most MS milliseconds. */
int keys_get(int ms);

/* Puts the terminal back. Copes with keys that never began. */
void keys_end(struct keys *keys);

#endif
