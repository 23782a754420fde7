#include "harness/cmd/keys.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

int keys_begin(struct keys *keys)
{
	struct termios raw;

	keys->raw = false;
	if (tcgetattr(STDIN_FILENO, &keys->before) < 0)
		return -errno;
	raw = keys->before;
	/* ISIG stays: Ctrl-C is a signal as ever. */
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) < 0)
		return -errno;
	keys->raw = true;
	return 0;
}

int keys_get(int ms)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	unsigned char key;

	if (poll(&input, 1, ms) <= 0)
		return 0;
	/* A terminal that went away reads as end of file: as q. */
	return read(STDIN_FILENO, &key, 1) == 1 ? key : 'q';
}

void keys_end(struct keys *keys)
{
	if (keys->raw)
		(void)tcsetattr(STDIN_FILENO, TCSANOW, &keys->before);
	keys->raw = false;
}
