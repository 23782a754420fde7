/* Every channel, and channels that lie, die, sleep or spin. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/ipc/channels.h"
#include "harness/ipc/measure.h"
#include "harness/ipc/pattern.h"
#include "harness/ipc/ring.h"

/* --- what goes in comes out --- */

static void free_params(struct criterion_test_params *params)
{
	cr_free(params->params);
}

/* A pointer would not survive: a test is a new process, loaded elsewhere. */
static struct criterion_test_params every_channel(void)
{
	size_t count = 0, *index;

	while (ipc_channels[count])
		count++;
	index = cr_malloc(count * sizeof(*index));
	for (size_t i = 0; i < count; i++)
		index[i] = i;
	return cr_make_param_array(size_t, index, count, free_params);
}

/* On the first CPU that is allowed, wherever the test is run. */
static struct ipc_result measure(const struct ipc_channel *channel,
                                 enum ipc_mode mode, size_t bytes,
                                 struct complaint *complaint)
{
	const struct ipc_order order = {
		.channel = channel,
		.mode = mode,
		.bytes = bytes,
		.time_ns = 2 * NS_PER_MS,
		.cpu = { -1, -1 },
	};
	struct ipc_result result;
	struct ipc ipc;

	cr_assert_eq(ipc_begin(&ipc, complaint), 0, "%s", complaint->why);
	cr_assert_eq(ipc_measure(&ipc, &order, &result, complaint), 0, "%s",
	             complaint->why);
	ipc_end(&ipc);
	return result;
}

static void expect_whole(const struct ipc_channel *channel, size_t bytes)
{
	struct complaint complaint = { 0 };
	struct ipc_result result =
	        measure(channel, IPC_LATENCY, bytes, &complaint);

	cr_expect(result.valid, "%s, %zu bytes: %s: %s", channel->name, bytes,
	          result.fate, complaint.why);
	cr_expect(result.messages > 0 && result.max > 0, "%s: no round trip",
	          channel->name);
	cr_expect(isnan(result.mb_per_s), "%s: a throughput?", channel->name);
	result = measure(channel, IPC_THROUGHPUT, bytes, &complaint);
	cr_expect(result.valid, "%s, %zu bytes in a row: %s: %s", channel->name,
	          bytes, result.fate, complaint.why);
	cr_expect(result.messages > 0 && result.mb_per_s > 0, "%s: nothing",
	          channel->name);
	cr_expect(result.pieces >= 1 && result.pieces <= bytes,
	          "%s: %zu pieces of %zu bytes", channel->name, result.pieces,
	          bytes);
}

ParameterizedTestParameters(ipc, brings_every_byte_there_and_back)
{
	return every_channel();
}

ParameterizedTest(size_t *index, ipc, brings_every_byte_there_and_back)
{
	static const size_t sizes[] = { 1, 4095, 65537, 1048576 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		expect_whole(ipc_channels[*index], sizes[i]);
}

Test(ipc, finds_each_channel_by_its_name)
{
	for (size_t i = 0; ipc_channels[i]; i++)
		cr_expect_eq(ipc_channel(ipc_channels[i]->name),
		             ipc_channels[i], "%s", ipc_channels[i]->name);
	cr_expect_null(ipc_channel("pipes"), "there is none");
}

Test(ipc, leaves_no_name_when_a_way_is_made)
{
	static char shared[IPC_SHARED] __attribute__((aligned(4096)));

	for (size_t i = 0; ipc_channels[i]; i++) {
		struct ipc_way way = { .bytes = 100, .shared = shared };

		memset(shared, 0, sizeof(shared));
		cr_assert_eq(ipc_channels[i]->init(&way), 0, "%s",
		             ipc_channels[i]->name);
		cr_expect_str_eq(way.path, "", "%s", ipc_channels[i]->name);
		ipc_channels[i]->destroy(&way);
		cr_expect_not(way.open, "%s: still there",
		              ipc_channels[i]->name);
		ipc_channels[i]->destroy(&way); /* twice does no harm */
	}
}

/* --- rings --- */

static void expect_over_the_end(const struct ipc_channel *channel,
                                uint32_t counted)
{
	static char shared[IPC_SHARED] __attribute__((aligned(4096)));
	static uint64_t out[2048], in[2048 + IPC_PIECE_MAX / 8];
	struct ring *ring = (struct ring *)shared;
	struct ipc_way way = { .bytes = sizeof(out), .shared = shared };

	ring->put.count = ring->taken.count = counted;
	for (uint64_t i = 0; i < 9; i++) {
		pattern_fill(out, sizeof(out) - 3, i);
		cr_assert_eq(channel->send(&way, out, sizeof(out) - 3), 0);
		cr_assert_eq(channel->receive(&way, in, sizeof(out) - 3), 0);
		cr_expect_eq(pattern_check(in, sizeof(out) - 3, i),
		             sizeof(out) - 3, "%s, message %d", channel->name,
		             (int)i);
	}
}

Test(ipc, counts_beyond_32_bits_in_a_ring, .timeout = 30)
{
	expect_over_the_end(&ipc_shm_spin, UINT32_MAX - 40000);
	expect_over_the_end(&ipc_shm_futex, UINT32_MAX - 3);
}

/* --- channels that do what they should not: pipes but for one thing --- */

enum { WRONG_FROM = 3 }; /* messages that are well before */

static void become_pipe(struct ipc_channel *channel, const char *name)
{
	*channel = ipc_pipe;
	channel->name = name;
}

/* There; what is wrong on both ways may cancel out. */
static const struct ipc_way *there;

static int make_noted(struct ipc_way *way)
{
	if (!there)
		there = way;
	return ipc_pipe.init(way);
}

/* One bit of the last byte. */
static int send_flipped(const struct ipc_way *way, const void *buffer,
                        size_t bytes)
{
	static int messages;
	char *copy = malloc(bytes);
	int err;

	memcpy(copy, buffer, bytes);
	if (messages++ >= WRONG_FROM && way == there)
		copy[bytes - 1] ^= 0x10;
	err = ipc_pipe.send(way, copy, bytes);
	free(copy);
	return err;
}

/* The fourth message is the third once more. */
static int send_stale(const struct ipc_way *way, const void *buffer,
                      size_t bytes)
{
	static char kept[64];
	static int messages;

	if (messages++ != WRONG_FROM)
		memcpy(kept, buffer, bytes);
	return ipc_pipe.send(way, kept, bytes);
}

static void expect_damaged(int (*send)(const struct ipc_way *, const void *,
                                       size_t),
                           enum ipc_mode mode, size_t bytes, const char *where)
{
	struct ipc_channel liar;
	struct complaint complaint = { 0 };
	struct ipc_result result;

	become_pipe(&liar, "liar");
	liar.init = make_noted;
	liar.send = send;
	there = NULL;
	result = measure(&liar, mode, bytes, &complaint);
	cr_expect_not(result.valid, "a lie was believed");
	cr_expect_str_eq(result.fate, "damaged", "%s", result.fate);
	cr_expect_str_eq(complaint.what, "liar", "which channel");
	cr_expect(strstr(complaint.why, where), "%s: not \"%s\"", complaint.why,
	          where);
}

Test(ipc, finds_a_single_wrong_bit)
{
	expect_damaged(send_flipped, IPC_LATENCY, 100001, "byte 100000 is");
	expect_damaged(send_flipped, IPC_THROUGHPUT, 100001, "byte 100000 is");
	expect_damaged(send_flipped, IPC_LATENCY, 1, "of 1 byte");
	expect_damaged(send_flipped, IPC_THROUGHPUT, 1, "of 1 byte");
}

Test(ipc, finds_a_message_that_came_before)
{
	expect_damaged(send_stale, IPC_LATENCY, 64, "byte 0 is");
	expect_damaged(send_stale, IPC_THROUGHPUT, 64, "byte 0 is");
	expect_damaged(send_stale, IPC_LATENCY, 1, "byte 0 is");
}

typedef int receive_function(const struct ipc_way *way, void *buffer,
                             size_t bytes);

/*
 * Every receive but the first ones is RECEIVE, whoever calls; the rest is as in
 * BASE, so that the other side waits for it in BASE's own way.
 */
static const struct ipc_channel *base;
static receive_function *bad_receive;

static int receive_a_few(const struct ipc_way *way, void *buffer, size_t bytes)
{
	static int messages;

	return messages++ < WRONG_FROM ? base->receive(way, buffer, bytes)
	                               : bad_receive(way, buffer, bytes);
}

static int die(const struct ipc_way *way, void *buffer, size_t bytes)
{
	(void)way, (void)buffer, (void)bytes;
	(void)raise(SIGKILL);
	return 0;
}

static int leave(const struct ipc_way *way, void *buffer, size_t bytes)
{
	(void)way, (void)buffer, (void)bytes;
	_exit(3);
}

static int stop(const struct ipc_way *way, void *buffer, size_t bytes)
{
	(void)way, (void)buffer, (void)bytes;
	(void)raise(SIGSTOP);
	return 0;
}

static int sleep_forever(const struct ipc_way *way, void *buffer, size_t bytes)
{
	(void)way, (void)buffer, (void)bytes;
	for (;;)
		(void)pause();
	return 0;
}

static int spin_forever(const struct ipc_way *way, void *buffer, size_t bytes)
{
	(void)way, (void)buffer, (void)bytes;
	for (volatile bool on = true; on;)
		continue;
	return 0;
}

static int fail(const struct ipc_way *way, void *buffer, size_t bytes)
{
	(void)way, (void)buffer, (void)bytes;
	return -EIDRM;
}

static void expect_fate(const struct ipc_channel *like,
                        receive_function *receive, const char *fate)
{
	struct ipc_channel channel = *like;
	struct complaint complaint = { 0 };
	struct ipc_result result;

	base = like;
	bad_receive = receive;
	channel.receive = receive_a_few;
	result = measure(&channel, IPC_LATENCY, 64, &complaint);
	cr_expect_not(result.valid, "%s: all was well", like->name);
	cr_expect_str_eq(result.fate, fate, "%s: %s", like->name, result.fate);
	cr_expect_str_eq(complaint.what, like->name, "%s", complaint.what);
}

ParameterizedTestParameters(ipc, does_not_wait_for_the_dead)
{
	return every_channel();
}

ParameterizedTest(size_t *index, ipc, does_not_wait_for_the_dead, .timeout = 60)
{
	expect_fate(ipc_channels[*index], die, "killed by SIGKILL");
}

Test(ipc, tells_how_a_side_ended, .timeout = 60)
{
	expect_fate(&ipc_pipe, leave, "exited 3");
	expect_fate(&ipc_shm_sem, fail, "failed: EIDRM");
	expect_fate(&ipc_unix_dgram, stop, "stopped by a signal");
}

Test(ipc, ends_who_sleeps_forever, .timeout = 60)
{
	expect_fate(&ipc_shm_futex, sleep_forever, "stuck asleep");
}

Test(ipc, ends_who_spins_forever, .timeout = 60)
{
	expect_fate(&ipc_pipe, spin_forever, "stuck spinning");
}

/* --- what cannot be made --- */

static int destroyed;

static int refuse_second(struct ipc_way *way)
{
	static int made;

	return made++ ? -EOPNOTSUPP : ipc_sysv_msg.init(way);
}

static void count_destroy(struct ipc_way *way)
{
	destroyed++;
	ipc_sysv_msg.destroy(way);
}

Test(ipc, takes_back_the_first_way_where_there_is_no_second)
{
	struct ipc_channel channel = ipc_sysv_msg;
	const struct ipc_order order = {
		.channel = &channel,
		.bytes = 1,
		.time_ns = 1,
		.cpu = { -1, -1 },
	};
	struct complaint complaint = { 0 };
	struct ipc_result result;
	struct ipc ipc;

	channel.init = refuse_second;
	channel.destroy = count_destroy;
	cr_assert_eq(ipc_begin(&ipc, &complaint), 0, "%s", complaint.why);
	cr_expect_eq(ipc_measure(&ipc, &order, &result, &complaint),
	             -EOPNOTSUPP);
	cr_expect(ipc_impossible_here(-EOPNOTSUPP), "possible?");
	cr_expect_eq(destroyed, 2, "%d ways", destroyed);
	cr_expect(strstr(complaint.why, "EOPNOTSUPP"), "%s", complaint.why);
	ipc_end(&ipc);
}

Test(ipc, stops_for_a_signal)
{
	const struct ipc_order order = {
		.channel = &ipc_pipe,
		.bytes = 1,
		.time_ns = 3600 * NS_PER_SEC,
		.cpu = { -1, -1 },
	};
	struct complaint complaint = { 0 };
	struct ipc_result result;
	struct ipc ipc;

	cr_assert_eq(ipc_begin(&ipc, &complaint), 0, "%s", complaint.why);
	cr_assert_eq(kill(getpid(), SIGTERM), 0); /* held back */
	cr_expect_eq(ipc_measure(&ipc, &order, &result, &complaint), -EINTR);
	cr_expect_eq(ipc.signals.caught, SIGTERM);
	ipc_end(&ipc);
}
