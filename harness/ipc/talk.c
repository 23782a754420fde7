#include "harness/ipc/talk.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "harness/base/clock.h"
#include "harness/base/cpus.h"
#include "harness/ipc/pattern.h"

enum {
	WARM_UP_NS = 1000000,
	/* The clock is read once a batch: 27 ns in 20 us is a thousandth. */
	BATCH_NS = 20000,
};

/* One side while it works. */
struct end {
	struct talk *talk;
	struct talk_side *side;
	const struct ipc_channel *channel;
	void *buffer;
	uint64_t number; /* of the next message */
};

/* --- what both sides do */

static int send_to(const struct end *end, const struct ipc_way *way,
                   size_t bytes)
{
	return end->channel->send(way, end->buffer, bytes);
}

static int receive_from(const struct end *end, const struct ipc_way *way,
                        size_t bytes)
{
	return end->channel->receive(way, end->buffer, bytes);
}

static int check(const struct end *end, size_t bytes)
{
	struct talk_side *side = end->side;
	size_t place = pattern_check(end->buffer, bytes, end->number);

	if (place == bytes)
		return 0;
	side->damaged = true;
	side->number = end->number;
	side->place = place;
	side->wanted = pattern_byte(end->number, place);
	side->got = ((unsigned char *)end->buffer)[place];
	return -EBADMSG;
}

/* Another message went through: the parent sees that we are not stuck. */
static void count(struct end *end)
{
	end->number++;
	__atomic_store_n(&end->side->done, end->number, __ATOMIC_RELAXED);
}

static void decide(struct talk *talk, int phase, uint64_t messages)
{
	__atomic_store_n(&talk->messages[phase], messages, __ATOMIC_RELEASE);
}

static uint64_t decided(const struct talk *talk, int phase)
{
	return __atomic_load_n(&talk->messages[phase], __ATOMIC_ACQUIRE);
}

static uint64_t ns_of(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * NS_PER_SEC +
	       (uint64_t)time->tv_usec * NS_PER_US;
}

/* Adds what was used so far to the report, or takes it off. */
static void account(struct talk_side *side, bool begin)
{
	struct rusage usage;
	uint64_t cpu_ns;

	(void)getrusage(RUSAGE_SELF, &usage); /* the pointer is valid */
	cpu_ns = ns_of(&usage.ru_utime) + ns_of(&usage.ru_stime);
	side->cpu_ns = cpu_ns - (begin ? 0 : side->cpu_ns);
	side->voluntary =
	        (uint64_t)usage.ru_nvcsw - (begin ? 0 : side->voluntary);
	side->involuntary =
	        (uint64_t)usage.ru_nivcsw - (begin ? 0 : side->involuntary);
}

/* --- the sender */

/* There and back, for NS; TRIPS may be NULL. */
static int ask(struct end *end, int phase, uint64_t ns, struct quantiles *trips)
{
	struct talk *talk = end->talk;
	uint64_t until = clock_now_ns() + ns, first = end->number, before;
	int err;

	do {
		pattern_fill(end->buffer, talk->bytes, end->number);
		before = clock_now_ns();
		if (before >= until)
			decide(talk, phase, end->number - first + 1);
		err = send_to(end, talk->there, talk->bytes);
		if (!err)
			err = receive_from(end, talk->back, talk->bytes);
		if (!err && trips)
			quantiles_add(trips, clock_now_ns() - before);
		if (!err)
			err = check(end, talk->bytes);
		count(end);
	} while (!err && before < until);
	return err;
}

static int tell(struct end *end)
{
	struct talk *talk = end->talk;
	int err;

	pattern_fill(end->buffer, talk->bytes, end->number);
	err = send_to(end, talk->there, talk->bytes);
	count(end);
	return err;
}

static uint64_t next_batch(uint64_t batch, uint64_t took_ns)
{
	if (took_ns < BATCH_NS / 2)
		return batch * 2;
	return took_ns > BATCH_NS * UINT64_C(2) && batch > 1 ? batch / 2
	                                                     : batch;
}

/* Messages in batches until the time is over, and a last one. */
static int tell_all(struct end *end, uint64_t begin)
{
	struct talk *talk = end->talk;
	uint64_t first = end->number, batch = 1, before, now = begin;
	int err = 0;

	while (!err && now - begin < talk->time_ns) {
		for (uint64_t i = 0; i < batch && !err; i++)
			err = tell(end);
		before = now;
		now = clock_now_ns();
		batch = next_batch(batch, now - before);
	}
	decide(talk, TALK_TIMED, end->number - first + 1);
	return err ? err : tell(end);
}

static int stream_out(struct end *end)
{
	uint64_t begin = clock_now_ns();
	int err = tell_all(end, begin);

	if (!err)
		err = receive_from(end, end->talk->back, 1);
	end->talk->elapsed_ns = clock_now_ns() - begin;
	return err ? err : check(end, 1);
}

static int time_trips(struct end *end)
{
	uint64_t begin = clock_now_ns();
	int err = ask(end, TALK_TIMED, end->talk->time_ns, &end->talk->trips);

	end->talk->elapsed_ns = clock_now_ns() - begin;
	return err;
}

static int work_sender(struct end *end)
{
	int err = ask(end, TALK_WARM_UP, WARM_UP_NS, NULL);

	if (err)
		return err;
	account(end->side, true);
	err = end->talk->mode == IPC_LATENCY ? time_trips(end)
	                                     : stream_out(end);
	account(end->side, false);
	return err;
}

/* --- the receiver */

static int answer(struct end *end, int phase)
{
	const struct talk *talk = end->talk;
	uint64_t first = end->number;
	bool last = false;
	int err = 0;

	while (!err && !last) {
		err = receive_from(end, talk->there, talk->bytes);
		last = end->number - first + 1 == decided(talk, phase);
		if (!err)
			err = send_to(end, talk->back, talk->bytes);
		count(end);
	}
	return err;
}

static int stream_in(struct end *end)
{
	const struct talk *talk = end->talk;
	uint64_t first = end->number;
	int err;

	/* There is at least one, and it is not decided yet how many. */
	do {
		err = receive_from(end, talk->there, talk->bytes);
		if (!err)
			err = check(end, talk->bytes);
		count(end);
	} while (!err && end->number - first != decided(talk, TALK_TIMED));
	if (err)
		return err;
	pattern_fill(end->buffer, 1, end->number);
	return send_to(end, talk->back, 1);
}

static int work_receiver(struct end *end)
{
	int err = answer(end, TALK_WARM_UP);

	if (err)
		return err;
	account(end->side, true);
	err = end->talk->mode == IPC_LATENCY ? answer(end, TALK_TIMED)
	                                     : stream_in(end);
	account(end->side, false);
	return err;
}

/* --- both */

/* In place before the clock runs; freed with the process. */
static int make_buffer(struct end *end)
{
	end->buffer = mmap(NULL, end->talk->bytes + IPC_PIECE_MAX,
	                   PROT_READ | PROT_WRITE,
	                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	return end->buffer == MAP_FAILED ? -errno : 0;
}

static int attach(const struct end *end, enum ipc_side self)
{
	const struct talk *talk = end->talk;
	int err = 0;

	if (talk->cpu[self] >= 0)
		err = cpus_bind((unsigned)talk->cpu[self]);
	if (!err && end->channel->attach)
		err = end->channel->attach(talk->there, self);
	/* On the way back, the receiver sends. */
	if (!err && end->channel->attach)
		err = end->channel->attach(talk->back, self == IPC_SENDER
		                                               ? IPC_RECEIVER
		                                               : IPC_SENDER);
	return err;
}

static void work(struct talk *talk, enum ipc_side self)
{
	struct end end = {
		.talk = talk,
		.side = &talk->side[self],
		.channel = talk->channel,
	};
	int err = make_buffer(&end);

	/* A peer that is gone is an error of write, not our end. */
	(void)signal(SIGPIPE, SIG_IGN);
	if (!err)
		err = attach(&end, self);
	if (!err)
		err = self == IPC_SENDER ? work_sender(&end)
		                         : work_receiver(&end);
	end.side->err = err;
	end.side->finished = true;
}

void talk_send(void *argument)
{
	work(argument, IPC_SENDER);
}

void talk_receive(void *argument)
{
	work(argument, IPC_RECEIVER);
}
