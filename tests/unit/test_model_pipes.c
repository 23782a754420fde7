/* The models of pipes, sockets and eventfds, held against the kernel. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "twin.h"

enum { SEQUENCES = 120 };

FRONT(close);
FRONT(dup);
FRONT(fcntl);
FRONT(read);
FRONT(write);
FRONT(pipe2);
FRONT(socketpair);
FRONT(eventfd);
FRONT(eventfd_read);
FRONT(eventfd_write);

static int below(struct random *random, unsigned limit)
{
	return (int)random_below(random, limit);
}

enum {
	MAKE_PIPE,  /* flags */
	MAKE_PAIR,  /* type */
	MAKE_EVENT, /* initial value, flags */
	READ,       /* descriptor, as in all that follow; count */
	WRITE,      /* count */
	CLOSE,
	DUP,
	SET_FLAGS,
	READ_EVENT,
	WRITE_EVENT, /* value */
};

static ON_FIBER int64_t make(struct twin_side *side,
                             const struct twin_command *command,
                             struct twin_reply *reply)
{
	const int *args = command->args;
	int ends[2] = { 0 };
	int result;

	if (command->what == MAKE_EVENT)
		return TWIN(side, eventfd)((unsigned)args[0], args[1]);
	if (command->what == MAKE_PIPE)
		result = TWIN(side, pipe2)(ends, args[0]);
	else
		result = TWIN(side, socketpair)(AF_UNIX, args[0], 0, ends);
	memcpy(reply->data, ends, sizeof(ends));
	return result;
}

static ON_FIBER int64_t use_event(struct twin_side *side,
                                  const struct twin_command *command,
                                  struct twin_reply *reply)
{
	const int *args = command->args;
	eventfd_t value = 0;
	int result;

	if (command->what == WRITE_EVENT)
		return TWIN(side, eventfd_write)(args[0], (eventfd_t)args[1]);
	result = TWIN(side, eventfd_read)(args[0], &value);
	memcpy(reply->data, &value, sizeof(value));
	return result;
}

static ON_FIBER void act_pipe(struct twin_side *side,
                              const struct twin_command *command,
                              struct twin_reply *reply)
{
	const int *args = command->args;
	size_t count = (size_t)args[1];
	int64_t result;

	switch (command->what) {
	case READ:
		result = TWIN(side, read)(args[0], reply->data, count);
		break;
	case WRITE:
		result = TWIN(side, write)(args[0], command->data, count);
		break;
	case CLOSE:
		result = TWIN(side, close)(args[0]);
		break;
	case DUP:
		result = TWIN(side, dup)(args[0]);
		break;
	case SET_FLAGS:
		result = TWIN(side, fcntl)(args[0], F_SETFL, args[1]);
		break;
	case READ_EVENT:
	case WRITE_EVENT:
		result = use_event(side, command, reply);
		break;
	default:
		result = make(side, command, reply);
	}
	twin_answer(reply, result, errno);
}

/* Bytes that are a small number to an eventfd, or nearly the largest. */
static void draw_bytes(struct random *random, struct twin_command *command)
{
	bool large = below(random, 4) == 0;

	memset(command->data, large ? 0xff : 0, 8);
	command->data[0] = (unsigned char)(large ? 0xff - below(random, 4)
	                                         : below(random, 4));
	for (int i = 8; i < TWIN_BYTES; i++)
		command->data[i] = (unsigned char)below(random, 256);
}

static void draw_pipe(struct random *random, unsigned worker,
                      struct twin_command *command)
{
	static const int rare[] = {
		MAKE_PIPE, MAKE_PAIR,   MAKE_EVENT, DUP,
		SET_FLAGS, WRITE_EVENT, CLOSE,      CLOSE,
	};
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
	static const int flags[] = { 0, 0, EFD_NONBLOCK, EFD_SEMAPHORE };
	static const int often[] = { READ, WRITE, WRITE, CLOSE, READ_EVENT };
	int *args = command->args;

	(void)worker;
	command->what = often[random_below(random, 5)];
	args[0] = 3 + below(random, below(random, 4) ? 8 : 12);
	/* Above 8, eventfds differ from kernel to kernel. */
	args[1] = below(random, 2) ? 8 : below(random, 9);
	draw_bytes(random, command);
	if (below(random, 3) > 0)
		return;
	command->what = rare[random_below(random, 8)];
	if (command->what == MAKE_PIPE)
		args[0] = below(random, 2) ? O_NONBLOCK : 0;
	if (command->what == MAKE_PAIR)
		args[0] = types[random_below(random, 3)];
	if (command->what == MAKE_PAIR && below(random, 2))
		args[0] |= SOCK_NONBLOCK;
	if (command->what == MAKE_EVENT) {
		args[0] = below(random, 3);
		args[1] = flags[random_below(random, 4)];
	}
	if (command->what == SET_FLAGS)
		args[1] = 0; /* who waits already would not notice the other */
}

Test(model_pipes, pipes_do_what_the_kernel_does, .timeout = 120)
{
	static const struct twin_command setup[] = {
		{ .what = MAKE_PIPE, .args = { 0 } },
		{ .what = MAKE_PAIR, .args = { SOCK_STREAM } },
		{ .what = MAKE_EVENT, .args = { 1, 0 } },
		{ .what = MAKE_EVENT, .args = { 0, EFD_SEMAPHORE } },
		{ .what = MAKE_PAIR, .args = { SOCK_SEQPACKET } },
	};
	static const struct twin_test test = {
		.act = act_pipe,
		.draw = draw_pipe,
		.setup = setup,
		.setups = sizeof(setup) / sizeof(setup[0]),
	};
	const char *what = twin_compare(&test, SEQUENCES);

	cr_assert_null(what, "%s", what);
}

/* Without a parent that has them open: both ends of each are the worker's own. */
static void draw_end(struct random *random, unsigned worker,
                     struct twin_command *command)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
	static const int often[] = {
		READ,  READ, WRITE,     WRITE,     WRITE, CLOSE,
		CLOSE, DUP,  MAKE_PIPE, MAKE_PAIR, READ,  WRITE,
	};
	int *args = command->args;

	(void)worker;
	command->what = often[random_below(random, 12)];
	draw_bytes(random, command);
	args[0] = 3 + below(random, below(random, 3) ? 2 : 4);
	args[1] = below(random, 3) ? 8 : below(random, 9);
	if (command->what == MAKE_PIPE)
		args[0] = O_NONBLOCK;
	if (command->what == MAKE_PAIR)
		args[0] = types[random_below(random, 3)] | SOCK_NONBLOCK;
}

Test(model_pipes, ends_of_pipes_do_what_the_kernel_does, .timeout = 120)
{
	/* Rare enough to be written down: both ends unread, one closed. */
	static const struct twin_command setup[] = {
		{ .what = MAKE_PAIR, .args = { SOCK_SEQPACKET } },
		{ .what = WRITE, .args = { 3, 3 }, .data = "abc" },
		{ .what = WRITE, .args = { 4, 3 }, .data = "def" },
		{ .what = CLOSE, .args = { 4 } },
		{ .what = READ, .args = { 3, 8 } },
		{ .what = READ, .args = { 3, 8 } },
		{ .what = CLOSE, .args = { 3 } },
	};
	static const struct twin_test test = {
		.act = act_pipe,
		.draw = draw_end,
		.setup = setup,
		.setups = sizeof(setup) / sizeof(setup[0]),
	};
	const char *what = twin_compare(&test, SEQUENCES);

	cr_assert_null(what, "%s", what);
}

Test(model_pipes, pipes_come_back_to_the_same_bytes)
{
	static const struct twin_command todo[] = {
		{ .what = MAKE_PIPE, .args = { 0 } },
		{ .what = MAKE_PAIR, .args = { SOCK_SEQPACKET } },
		{ .what = MAKE_EVENT, .args = { 1, 0 } },
		{ .what = WRITE, .args = { 4, 3 }, .data = "abc" },
		{ .what = READ, .args = { 3, 2 } },
		{ .what = WRITE, .args = { 5, 3 }, .data = "abc" },
		{ .what = CLOSE, .args = { 6 } },
		{ .what = CLOSE, .args = { 3 } },
		{ .what = CLOSE, .args = { 5 } },
		{ .what = CLOSE, .args = { 7 } },
		{ .what = CLOSE, .args = { 4 } },
	};
	static const struct twin_test test = { .act = act_pipe };
	const char *what =
	        twin_returns(&test, todo, sizeof(todo) / sizeof(todo[0]));

	cr_assert_null(what, "%s", what);
}
