#include "harness/ipc/measure.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "harness/base/text.h"
#include "harness/ipc/watch.h"

enum { PAGE = 4096 };

/* What the processes of a measurement and the janitor share. */
struct stage {
	struct janitor_note note; /* the janitor's, and stays */
	_Alignas(PAGE) const struct ipc_channel *channel;
	struct ipc_way way[2]; /* there, and back */
	struct talk talk;
	_Alignas(PAGE) char shared[2][(IPC_SHARED + PAGE - 1) / PAGE * PAGE];
};

static struct stage *stage_of(const struct ipc *ipc)
{
	return ipc->arena.base;
}

/* --- beginning and end */

static void complain_of_start(int err, struct complaint *complaint)
{
	complain(complaint, "starting", "%s", strerror(-err));
	complain_cure(complaint,
	              "see ulimit -u for processes and ulimit -n for files");
}

int ipc_begin(struct ipc *ipc, struct complaint *complaint)
{
	int err;

	*ipc = (struct ipc){ .signals = { .fd = -1 } };
	err = arena_map(&ipc->arena, sizeof(struct stage));
	if (!err)
		err = signals_hold(&ipc->signals);
	if (!err)
		err = janitor_start(&ipc->janitor, &stage_of(ipc)->note);
	if (err)
		complain_of_start(err, complaint);
	return err;
}

void ipc_end(struct ipc *ipc)
{
	janitor_stop(&ipc->janitor);
	signals_release(&ipc->signals);
	arena_unmap(&ipc->arena);
}

/* --- the ways. The janitor may be here at any time after a kill. */

static void close_ways(void *shared)
{
	struct stage *stage = shared;

	for (int i = 0; i < 2; i++)
		stage->channel->destroy(&stage->way[i]);
}

/* What the janitor takes; only the end is of interest to it. */
static const struct sync_ops clean_up = { .destroy = close_ways };

static int open_ways(struct stage *stage, size_t bytes)
{
	int err = 0;

	for (int i = 0; i < 2 && !err; i++) {
		stage->way[i].bytes = bytes;
		stage->way[i].shared = stage->shared[i];
		err = stage->channel->init(&stage->way[i]);
	}
	return err;
}

bool ipc_impossible_here(int err)
{
	return err == -EOPNOTSUPP || err == -ENOSYS || err == -EACCES ||
	       err == -EPERM || err == -EROFS || err == -EAFNOSUPPORT;
}

static void complain_of_way(const struct ipc_channel *channel, int err,
                            struct complaint *complaint)
{
	if (err == -EOPNOTSUPP || err == -ENOSYS || err == -EAFNOSUPPORT) {
		complain(complaint, channel->name,
		         "this machine does not have what it needs (%s)",
		         text_errno(-err));
		return;
	}
	complain(complaint, channel->name, "cannot be set up: %s (%s)",
	         strerror(-err), text_errno(-err));
	if (err == -ENOSPC)
		complain_cure(complaint,
		              "for System V queues a kernel limit is reached "
		              "(MSGMNI), not disk space: see ipcs -l, and ipcs "
		              "-q for queues left behind");
	else if (err == -EMFILE || err == -ENFILE)
		complain_cure(
		        complaint,
		        "a limit is reached: see ulimit -n, and for POSIX "
		        "queues ulimit -q and /proc/sys/fs/mqueue/queues_max");
}

/* --- how it ended */

static const char *side_name(int side)
{
	return side == IPC_SENDER ? "the sender" : "the receiver";
}

static const char *verdict_text(enum watch_verdict verdict)
{
	switch (verdict) {
	case WATCH_STOPPED:
		return "stopped by a signal";
	case WATCH_ASLEEP:
		return "stuck asleep";
	case WATCH_SPINNING:
		return "stuck spinning";
	case WATCH_ABANDONED:
		return "abandoned";
	case WATCH_NONE:
		break;
	}
	return "finished";
}

/* Of one side, with what weighs more first: the other's end follows from it. */
enum weight { FINE, FOLLOWS, FAILED, STUCK, KILLED, DAMAGED };

static enum weight fate_of(const struct watch *watch, int side,
                           char fate[IPC_FATE])
{
	const struct watch_one *one = &watch->one[side];
	const struct talk_side *said = &watch->talk->side[side];

	(void)snprintf(fate, IPC_FATE, "%s", verdict_text(one->verdict));
	if (said->damaged) {
		(void)snprintf(fate, IPC_FATE, "damaged");
		return DAMAGED;
	}
	if (one->verdict != WATCH_NONE)
		return one->verdict == WATCH_ABANDONED ? FOLLOWS : STUCK;
	if (said->finished && said->err) {
		(void)snprintf(fate, IPC_FATE, "failed: %s",
		               text_errno(-said->err));
		return said->err == -EPIPE ? FOLLOWS : FAILED;
	}
	if (WIFSIGNALED(one->status))
		(void)snprintf(fate, IPC_FATE, "killed by %s",
		               text_signal(WTERMSIG(one->status)));
	else if (!said->finished || one->status)
		(void)snprintf(fate, IPC_FATE, "exited %d",
		               WEXITSTATUS(one->status));
	else
		return FINE;
	return KILLED;
}

static void complain_of_damage(const struct talk *talk, int side,
                               struct complaint *complaint)
{
	const struct talk_side *said = &talk->side[side];

	complain(complaint, talk->channel->name,
	         "message %llu of %zu bytes came damaged: byte %zu is 0x%02x, "
	         "not 0x%02x",
	         (unsigned long long)said->number + 1, talk->bytes, said->place,
	         said->got, said->wanted);
}

/* Returns whether all is well; else says what is not. */
static bool judge(const struct watch *watch, struct ipc_result *result,
                  struct complaint *complaint)
{
	char fate[2][IPC_FATE];
	enum weight weight[2];
	int side;

	for (int i = 0; i < 2; i++)
		weight[i] = fate_of(watch, i, fate[i]);
	side = weight[IPC_RECEIVER] > weight[IPC_SENDER] ? IPC_RECEIVER
	                                                 : IPC_SENDER;
	(void)snprintf(result->fate, IPC_FATE, "%s", fate[side]);
	if (weight[side] == DAMAGED)
		complain_of_damage(watch->talk, side, complaint);
	else if (weight[side] != FINE)
		complain(complaint, watch->talk->channel->name,
		         "with messages of %zu bytes %s was not done: %s",
		         watch->talk->bytes, side_name(side), fate[side]);
	return weight[side] == FINE;
}

/* --- what came of it */

static void collect(const struct talk *talk, struct ipc_result *result)
{
	double elapsed = (double)talk->elapsed_ns;

	result->elapsed_ns = talk->elapsed_ns;
	result->messages = talk->messages[TALK_TIMED];
	for (int i = 0; i < 2; i++) {
		result->cpu_ns += talk->side[i].cpu_ns;
		result->voluntary += talk->side[i].voluntary;
		result->involuntary += talk->side[i].involuntary;
	}
	if (talk->mode == IPC_LATENCY) {
		result->p50 = quantiles_at(&talk->trips, 0.5) / 2;
		result->p90 = quantiles_at(&talk->trips, 0.9) / 2;
		result->p99 = quantiles_at(&talk->trips, 0.99) / 2;
		result->p999 = quantiles_at(&talk->trips, 0.999) / 2;
		result->max = (double)talk->trips.max_ns / 2;
	} else {
		result->messages_per_s =
		        (double)result->messages * 1e9 / elapsed;
		result->mb_per_s =
		        result->messages_per_s * (double)talk->bytes / 1e6;
	}
}

static void prepare(struct stage *stage, const struct ipc_order *order)
{
	size_t kept = offsetof(struct stage, channel);

	/* The note belongs to the janitor. */
	memset((char *)stage + kept, 0, sizeof(*stage) - kept);
	stage->channel = order->channel;
	stage->talk.channel = order->channel;
	stage->talk.mode = order->mode;
	stage->talk.bytes = order->bytes;
	stage->talk.time_ns = order->time_ns;
	stage->talk.there = &stage->way[0];
	stage->talk.back = &stage->way[1];
	memcpy(stage->talk.cpu, order->cpu, sizeof(order->cpu));
}

static int play(struct ipc *ipc, struct ipc_result *result,
                struct complaint *complaint)
{
	struct stage *stage = stage_of(ipc);
	struct watch watch;
	int err = watch_begin(&watch, &stage->talk);

	if (err) {
		complain_of_start(err, complaint);
	} else {
		err = watch_all(&watch, &ipc->signals);
		complain(complaint, "waiting", "%s", strerror(-err));
	}
	watch_end(&watch);
	if (err)
		return err;
	result->valid = judge(&watch, result, complaint);
	result->pieces = ipc_pieces(&stage->way[0], stage->talk.bytes);
	if (result->valid)
		collect(&stage->talk, result);
	return 0;
}

int ipc_measure(struct ipc *ipc, const struct ipc_order *order,
                struct ipc_result *result, struct complaint *complaint)
{
	struct stage *stage = stage_of(ipc);
	int err;

	*result = (struct ipc_result){ .p50 = NAN,
		                       .p90 = NAN,
		                       .p99 = NAN,
		                       .p999 = NAN,
		                       .max = NAN,
		                       .mb_per_s = NAN,
		                       .messages_per_s = NAN };
	prepare(stage, order);
	janitor_arm(&ipc->janitor, &clean_up, stage);
	err = open_ways(stage, order->bytes);
	if (err)
		complain_of_way(order->channel, err, complaint);
	else
		err = play(ipc, result, complaint);
	close_ways(stage);
	janitor_disarm(&ipc->janitor);
	return err;
}
