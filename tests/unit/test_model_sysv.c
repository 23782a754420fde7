/* The models of System V semaphores and message queues, held against the kernel. */
#include <criterion/criterion.h>
#include <errno.h>
#include <sys/msg.h>
#include <sys/sem.h>

#include "sync/sysv.h"
#include "twin.h"

enum { SEQUENCES = 120 };

FRONT(semget);
FRONT(semctl);
FRONT(semop);
FRONT(semtimedop);

/* --- semaphores */

enum {
	SEM_GET, /* slot, count, flags */
	SEM_OP, /* slot, number of operations, timed; three ints each in data */
	SEM_SET, /* slot, semaphore, value */
	SEM_GETVAL,
	SEM_SETALL,
	SEM_GETALL,
	SEM_LOOK,
	SEM_REMOVE,
};

enum {
	SEMS = 2,
	SEMS_MAX = 5, /* that are asked for */
	SEM_OPS = 2,
};

struct sem_step {
	short number, change, flags;
};

static ON_FIBER int key_of(const struct twin_side *side, int number)
{
	return number == 0 ? IPC_PRIVATE : side->key + number;
}

static ON_FIBER int64_t keep_id(struct twin_side *side, int slot, int id)
{
	if (id < 0)
		return -1;
	side->ids[slot] = id;
	if (side->mades < TWIN_MADE)
		side->made[side->mades++] = id;
	return 0;
}

/* An old id stays in its slot: it is part of the test. */
static ON_FIBER int64_t get_sems(struct twin_side *side, const int *args)
{
	int id = TWIN(side, semget)(key_of(side, args[3]), args[1],
	                            args[2] | 0600);

	return keep_id(side, args[0], id);
}

static ON_FIBER int64_t do_semop(struct twin_side *side, int id,
                                 const struct twin_command *command)
{
	static const struct timespec at_once = { 0 };
	struct sem_step steps[SEM_OPS];
	struct sembuf ops[SEM_OPS];
	size_t count = (size_t)command->args[1];

	memcpy(steps, command->data, sizeof(steps));
	for (int i = 0; i < SEM_OPS; i++)
		ops[i] = (struct sembuf){ (unsigned short)steps[i].number,
			                  steps[i].change, steps[i].flags };
	return command->args[2]
	               ? TWIN(side, semtimedop)(id, ops, count, &at_once)
	               : TWIN(side, semop)(id, ops, count);
}

static ON_FIBER int64_t control_sems(struct twin_side *side, int id,
                                     const struct twin_command *command,
                                     struct twin_reply *reply)
{
	unsigned short values[SEMS_MAX] = { 0 };
	struct semid_ds stat = { 0 };
	union sysv_semun arg = { .array = values };
	int result;

	switch (command->what) {
	case SEM_SET:
		arg.val = command->args[2];
		return TWIN(side, semctl)(id, command->args[1], SETVAL, arg);
	case SEM_GETVAL:
		return TWIN(side, semctl)(id, command->args[1], GETVAL);
	case SEM_SETALL:
		memcpy(values, command->data, sizeof(values));
		return TWIN(side, semctl)(id, 0, SETALL, arg);
	case SEM_GETALL:
		result = TWIN(side, semctl)(id, 0, GETALL, arg);
		memcpy(reply->data, values, sizeof(values));
		return result;
	case SEM_LOOK:
		arg.buf = &stat;
		result = TWIN(side, semctl)(id, 0, IPC_STAT, arg);
		reply->data[0] = (unsigned char)stat.sem_nsems;
		/* The end of a process sets it, too, where a semop with
		   SEM_UNDO failed. */
		reply->data[1] = stat.sem_otime != 0 && side->deaths == 0;
		return result;
	default:
		return TWIN(side, semctl)(id, 0, IPC_RMID);
	}
}

static ON_FIBER void act_sem(struct twin_side *side,
                             const struct twin_command *command,
                             struct twin_reply *reply)
{
	int id = side->ids[command->args[0]];
	int64_t result;

	if (command->what == SEM_GET)
		result = get_sems(side, command->args);
	else if (command->what == SEM_OP)
		result = do_semop(side, id, command);
	else
		result = control_sems(side, id, command, reply);
	twin_answer(reply, result, errno);
}

static int below(struct random *random, unsigned limit)
{
	return (int)random_below(random, limit);
}

/*
 * All or none with IPC_NOWAIT: where they are mixed, it depends on what happens
 * to other semaphores whether the kernel looks at a waiter again.
 */
static void draw_steps(struct random *random, struct twin_command *command)
{
	bool waits = below(random, 6) > 0;
	struct sem_step steps[SEM_OPS];

	for (int i = 0; i < SEM_OPS; i++) {
		steps[i].number = (short)below(random, SEMS);
		steps[i].change = (short)(below(random, 5) - 2);
		steps[i].flags = 0;
		if (below(random, 2))
			steps[i].flags |= SEM_UNDO;
		if (!waits)
			steps[i].flags |= IPC_NOWAIT;
		if (below(random, 40) == 0)
			steps[i].number = SEMS;
		if (below(random, 40) == 0)
			steps[i].change = 32767;
	}
	memcpy(command->data, steps, sizeof(steps));
	command->args[1] = 1 + below(random, SEM_OPS);
	command->args[2] = below(random, 8) == 0;
	command->prompt = command->args[2];
}

static void draw_sem(struct random *random, unsigned worker,
                     struct twin_command *command)
{
	static const int often[] = {
		SEM_OP,     SEM_OP,     SEM_OP,     SEM_OP,     SEM_OP,
		SEM_OP,     SEM_OP,     SEM_OP,     SEM_OP,     SEM_OP,
		SEM_SET,    SEM_SET,    SEM_SETALL, SEM_GETVAL, SEM_GETALL,
		SEM_GETALL, SEM_GETALL, SEM_LOOK,   SEM_GET,    SEM_GET,
	};
	unsigned short values[SEMS_MAX];

	(void)worker;
	command->what =
	        often[random_below(random, sizeof(often) / sizeof(int))];
	if (below(random, 40) == 0)
		command->what = SEM_REMOVE;
	command->args[0] = below(random, 8) == 0; /* slot 1, at first none */
	if (command->what == SEM_OP) {
		draw_steps(random, command);
		return;
	}
	command->args[1] = below(random, SEMS);
	command->args[2] = below(random, 3);
	for (int i = 0; i < SEMS_MAX; i++)
		values[i] = (unsigned short)below(random, 3);
	memcpy(command->data, values, sizeof(values));
	if (command->what == SEM_GET) {
		command->args[1] =
		        below(random, 3) ? SEMS : below(random, SEMS_MAX);
		command->args[2] = below(random, 4) ? IPC_CREAT : 0;
		command->args[2] |= below(random, 4) ? 0 : IPC_EXCL;
		command->args[3] = below(random, 3);
	}
}

static const struct twin_command sem_setup[] = {
	{ .what = SEM_GET, .args = { 0, SEMS, IPC_CREAT } },
	{ .what = SEM_SET, .args = { 0, 0, 1 } },
};

static void clean_sems(const struct twin_side *real)
{
	for (unsigned i = 0; i < real->mades; i++)
		(void)semctl(real->made[i], 0, IPC_RMID);
}

Test(model_sysv, semaphores_do_what_the_kernel_does, .timeout = 120)
{
	static const struct twin_test test = {
		.act = act_sem,
		.draw = draw_sem,
		.setup = sem_setup,
		.setups = sizeof(sem_setup) / sizeof(sem_setup[0]),
		.clean = clean_sems,
	};
	const char *what = twin_compare(&test, SEQUENCES);

	cr_assert_null(what, "%s", what);
}

/* --- message queues */

enum {
	MSG_GET,     /* slot, unused, flags, key */
	MSG_SEND,    /* slot, type, size, flags; the text in data */
	MSG_RECEIVE, /* slot, type, size, flags */
	MSG_LOOK,
	MSG_REMOVE,
};

FRONT(msgget);
FRONT(msgctl);
FRONT(msgsnd);
FRONT(msgrcv);

struct letter {
	long type;
	unsigned char text[TWIN_BYTES];
};

static ON_FIBER int64_t send_letter(struct twin_side *side, int id,
                                    const struct twin_command *command)
{
	struct letter letter = { .type = command->args[1] };

	memcpy(letter.text, command->data, sizeof(letter.text));
	return TWIN(side, msgsnd)(id, &letter, (size_t)command->args[2], 0);
}

static ON_FIBER int64_t receive_letter(struct twin_side *side, int id,
                                       const int *args,
                                       struct twin_reply *reply)
{
	struct letter letter = { 0 };
	int64_t result = TWIN(side, msgrcv)(id, &letter, (size_t)args[2],
	                                    args[1], args[3]);

	memcpy(reply->data, letter.text, sizeof(reply->data));
	reply->data[TWIN_BYTES - 1] = (unsigned char)letter.type;
	return result;
}

static ON_FIBER int64_t look_at_queue(struct twin_side *side, int id,
                                      struct twin_reply *reply)
{
	struct msqid_ds stat = { 0 };
	int result = TWIN(side, msgctl)(id, IPC_STAT, &stat);

	reply->data[0] = (unsigned char)stat.msg_qnum;
	reply->data[1] = (unsigned char)stat.__msg_cbytes;
	reply->data[2] = stat.msg_qbytes == 16384;
	return result;
}

static ON_FIBER void act_msg(struct twin_side *side,
                             const struct twin_command *command,
                             struct twin_reply *reply)
{
	const int *args = command->args;
	int id = side->ids[args[0]];
	int64_t result;

	switch (command->what) {
	case MSG_GET:
		id = TWIN(side, msgget)(key_of(side, args[3]), args[2] | 0600);
		result = keep_id(side, args[0], id);
		break;
	case MSG_SEND:
		result = send_letter(side, id, command);
		break;
	case MSG_RECEIVE:
		result = receive_letter(side, id, args, reply);
		break;
	case MSG_LOOK:
		result = look_at_queue(side, id, reply);
		break;
	default:
		result = TWIN(side, msgctl)(id, IPC_RMID, NULL);
	}
	twin_answer(reply, result, errno);
}

static void draw_receive(struct random *random, struct twin_command *command)
{
	static const int flags[] = { 0, IPC_NOWAIT, MSG_NOERROR, MSG_EXCEPT };

	command->args[1] = below(random, 7) - 3;
	command->args[2] = below(random, 4) ? 40 : below(random, 8);
	for (int i = 0; i < 4; i++)
		command->args[3] |= below(random, 4) ? 0 : flags[i];
}

static void draw_msg(struct random *random, unsigned worker,
                     struct twin_command *command)
{
	static const int often[] = {
		MSG_SEND,    MSG_SEND,    MSG_SEND, MSG_SEND,    MSG_RECEIVE,
		MSG_RECEIVE, MSG_RECEIVE, MSG_LOOK, MSG_RECEIVE,
	};

	command->what =
	        often[random_below(random, sizeof(often) / sizeof(int))];
	if (below(random, 12) == 0)
		command->what = below(random, 2) ? MSG_GET : MSG_REMOVE;
	command->args[0] = below(random, 5) == 0;
	command->args[1] = below(random, 20) ? 1 + below(random, 3) : 0;
	command->args[2] = below(random, 12);
	command->data[0] = (unsigned char)('a' + worker);
	command->data[1] = (unsigned char)below(random, 256);
	if (command->what == MSG_RECEIVE)
		draw_receive(random, command);
	if (command->what == MSG_GET) {
		command->args[2] = below(random, 4) ? IPC_CREAT : 0;
		command->args[2] |= below(random, 4) ? 0 : IPC_EXCL;
		command->args[3] = below(random, 3);
	}
}

static void clean_queues(const struct twin_side *real)
{
	for (unsigned i = 0; i < real->mades; i++)
		(void)msgctl(real->made[i], IPC_RMID, NULL);
}

Test(model_sysv, message_queues_do_what_the_kernel_does, .timeout = 120)
{
	static const struct twin_command setup[] = {
		{ .what = MSG_GET, .args = { 0, 0, IPC_CREAT } },
		{ .what = MSG_SEND, .args = { 0, 2, 3 } },
	};
	static const struct twin_test test = {
		.act = act_msg,
		.draw = draw_msg,
		.setup = setup,
		.setups = sizeof(setup) / sizeof(setup[0]),
		.clean = clean_queues,
	};
	const char *what = twin_compare(&test, SEQUENCES);

	cr_assert_null(what, "%s", what);
}

Test(model_sysv, semaphores_come_back_to_the_same_bytes)
{
	static const struct twin_command todo[] = {
		{ .what = SEM_GET, .args = { 0, SEMS, IPC_CREAT, 1 } },
		{ .what = SEM_SET, .args = { 0, 0, 3 } },
		{ .what = SEM_OP,
		  .args = { 0, 1 },
		  .data = { 0, 0, 0xff, 0xff, 0, SEM_UNDO >> 8 } },
		{ .what = SEM_OP,
		  .args = { 0, 1 },
		  .data = { 0, 0, 1, 0, 0, SEM_UNDO >> 8 } },
	};
	static const struct twin_test test = { .act = act_sem };
	const char *what =
	        twin_returns(&test, todo, sizeof(todo) / sizeof(todo[0]));

	cr_assert_null(what, "%s", what);
}

Test(model_sysv, message_queues_come_back_to_the_same_bytes)
{
	static const struct twin_command todo[] = {
		{ .what = MSG_GET, .args = { 0, 0, IPC_CREAT, 1 } },
		{ .what = MSG_SEND, .args = { 0, 1, 3 }, .data = "abc" },
		{ .what = MSG_SEND, .args = { 0, 2, 2 }, .data = "de" },
		{ .what = MSG_RECEIVE, .args = { 0, 0, 40 } },
		{ .what = MSG_RECEIVE, .args = { 0, 0, 40 } },
	};
	static const struct twin_test test = { .act = act_msg };
	const char *what =
	        twin_returns(&test, todo, sizeof(todo) / sizeof(todo[0]));

	cr_assert_null(what, "%s", what);
}
