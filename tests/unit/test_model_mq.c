/* The model of POSIX message queues, held against the kernel. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>

#include "twin.h"

enum { SEQUENCES = 120 };

FRONT(fcntl);
FRONT(mq_open);
FRONT(mq_close);
FRONT(mq_unlink);
FRONT(mq_getattr);
FRONT(mq_send);
FRONT(mq_timedsend);
FRONT(mq_receive);
FRONT(mq_timedreceive);

static int below(struct random *random, unsigned limit)
{
	return (int)random_below(random, limit);
}

enum {
	MQ_OPEN,   /* queue, flags, mq_maxmsg, mq_msgsize */
	MQ_UNLINK, /* queue */
	MQ_CLOSE,  /* descriptor, as in all that follow */
	MQ_LOOK,
	MQ_SEND,    /* size, priority, timed */
	MQ_RECEIVE, /* size, timed */
	MQ_FLAGS,
};

static ON_FIBER void name_queue(const struct twin_side *side, int queue,
                                char name[32])
{
	(void)snprintf(name, 32, "/twin-%d-%d", side->key, queue);
}

static ON_FIBER int64_t with_name(struct twin_side *side,
                                  const struct twin_command *command)
{
	const int *args = command->args;
	struct mq_attr attr = { .mq_maxmsg = args[2], .mq_msgsize = args[3] };
	char name[32];

	name_queue(side, args[0], name);
	if (command->what == MQ_UNLINK)
		return TWIN(side, mq_unlink)(name);
	return TWIN(side, mq_open)(name, args[1], 0600, &attr);
}

static ON_FIBER int64_t look_at_mq(struct twin_side *side, int fd,
                                   struct twin_reply *reply)
{
	struct mq_attr attr = { 0 };
	int result = TWIN(side, mq_getattr)(fd, &attr);
	long values[] = { attr.mq_flags, attr.mq_maxmsg, attr.mq_msgsize,
		          attr.mq_curmsgs };

	memcpy(reply->data, values, sizeof(values));
	return result;
}

static ON_FIBER int64_t send_mq(struct twin_side *side,
                                const struct twin_command *command)
{
	static const struct timespec over = { .tv_sec = 1 };
	const char *text = (const char *)command->data;
	const int *args = command->args;
	size_t size = (size_t)args[1];
	unsigned priority = (unsigned)args[2];

	return args[3] ? TWIN(side, mq_timedsend)(args[0], text, size, priority,
	                                          &over)
	               : TWIN(side, mq_send)(args[0], text, size, priority);
}

static ON_FIBER int64_t receive_mq(struct twin_side *side, const int *args,
                                   struct twin_reply *reply)
{
	static const struct timespec over = { .tv_sec = 1 };
	char *text = (char *)reply->data;
	size_t size = (size_t)args[1];
	unsigned priority = 0;
	int64_t result =
	        args[2] ? TWIN(side, mq_timedreceive)(args[0], text, size,
	                                              &priority, &over)
	                : TWIN(side, mq_receive)(args[0], text, size,
	                                         &priority);

	reply->data[TWIN_BYTES - 1] = (unsigned char)priority;
	return result;
}

static ON_FIBER void act_mq(struct twin_side *side,
                            const struct twin_command *command,
                            struct twin_reply *reply)
{
	const int *args = command->args;
	int64_t result;

	switch (command->what) {
	case MQ_OPEN:
	case MQ_UNLINK:
		result = with_name(side, command);
		break;
	case MQ_CLOSE:
		result = TWIN(side, mq_close)(args[0]);
		break;
	case MQ_LOOK:
		result = look_at_mq(side, args[0], reply);
		break;
	case MQ_SEND:
		result = send_mq(side, command);
		break;
	case MQ_RECEIVE:
		result = receive_mq(side, args, reply);
		break;
	default:
		result = TWIN(side, fcntl)(args[0], F_SETFL, args[1]);
	}
	twin_answer(reply, result, errno);
}

static void draw_name(struct random *random, struct twin_command *command)
{
	static const int flags[] = {
		O_RDWR,   O_RDWR | O_CREAT,   O_RDWR | O_CREAT | O_EXCL,
		O_RDONLY, O_WRONLY | O_CREAT, O_RDWR | O_NONBLOCK,
	};
	int *args = command->args;

	command->what = below(random, 4) ? MQ_OPEN : MQ_UNLINK;
	args[0] = below(random, 2);
	args[1] = flags[random_below(random, 6)];
	args[2] = below(random, 4);
	args[3] = below(random, 10);
}

static void draw_mq(struct random *random, unsigned worker,
                    struct twin_command *command)
{
	static const int often[] = { MQ_SEND,    MQ_SEND, MQ_SEND,  MQ_RECEIVE,
		                     MQ_RECEIVE, MQ_LOOK, MQ_CLOSE, MQ_FLAGS };
	int *args = command->args;

	if (below(random, 6) == 0) {
		draw_name(random, command);
		return;
	}
	command->what = often[random_below(random, 8)];
	args[0] = 3 + below(random, 3);
	args[1] = below(random, 9);
	command->data[0] = (unsigned char)('a' + worker);
	command->data[1] = (unsigned char)below(random, 256);
	if (command->what == MQ_SEND) {
		args[2] = below(random, 30) ? below(random, 3) : 32768;
		args[3] = below(random, 6) == 0;
		command->prompt = args[3];
	} else if (command->what == MQ_RECEIVE) {
		args[1] = below(random, 8) ? 8 : 7;
		args[2] = below(random, 6) == 0;
		command->prompt = args[2];
	} else if (command->what == MQ_FLAGS) {
		args[1] = 0; /* who waits already would not notice the other */
	}
}

static void clean_mqs(const struct twin_side *real)
{
	char name[32];

	for (int i = 0; i < 2; i++) {
		name_queue(real, i, name);
		(void)mq_unlink(name);
	}
}

Test(model_mq, queues_do_what_the_kernel_does, .timeout = 120)
{
	static const struct twin_command setup[] = {
		{ .what = MQ_OPEN, .args = { 0, O_RDWR | O_CREAT, 2, 8 } },
	};
	static const struct twin_test test = {
		.act = act_mq,
		.draw = draw_mq,
		.setup = setup,
		.setups = sizeof(setup) / sizeof(setup[0]),
		.clean = clean_mqs,
	};
	const char *what = twin_compare(&test, SEQUENCES);

	cr_assert_null(what, "%s", what);
}

Test(model_mq, queues_come_back_to_the_same_bytes)
{
	static const struct twin_command todo[] = {
		{ .what = MQ_OPEN, .args = { 0, O_RDWR | O_CREAT, 2, 8 } },
		{ .what = MQ_SEND, .args = { 3, 3, 1 }, .data = "abc" },
		{ .what = MQ_SEND, .args = { 3, 2, 2 }, .data = "de" },
		{ .what = MQ_RECEIVE, .args = { 3, 8 } },
		{ .what = MQ_UNLINK, .args = { 0 } },
		{ .what = MQ_CLOSE, .args = { 3 } },
	};
	static const struct twin_test test = { .act = act_mq };
	const char *what =
	        twin_returns(&test, todo, sizeof(todo) / sizeof(todo[0]));

	cr_assert_null(what, "%s", what);
}
