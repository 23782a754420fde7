/* Records of messages: written, read, and what is made of them. */
#include "harness/view/ways.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/view/words.h"
#include "tests/fixtures/records.h"

static struct archive archive;

static void add(json_t *record)
{
	struct complaint complaint = { 0 };

	cr_assert_not_null(record, "the test's own record is wrong");
	cr_assert_eq(archive_add(&archive, record, &complaint), 0, "%s",
	             complaint.why);
	json_decref(record);
}

static struct message message_of(const char *channel, unsigned trial,
                                 enum message_mode mode, uint64_t bytes)
{
	struct message message = {
		.trial = trial,
		.block = 1,
		.bytes = bytes,
		.mode = mode,
		.valid = true,
		.fate = "finished",
		.messages = 5,
		.pieces = mode == MESSAGE_ALONE ? 0 : 3,
		.elapsed_ns = 7,
		.p50 = NAN,
		.p90 = NAN,
		.p99 = NAN,
		.p999 = NAN,
		.max = NAN,
		.mb_per_s = NAN,
		.messages_per_s = NAN,
		.cpu_ns = 11,
		.voluntary = 12,
		.involuntary = 13,
	};

	(void)snprintf(message.channel, MESSAGE_NAME, "%s", channel);
	return message;
}

static struct message latency(const char *channel, unsigned trial,
                              uint64_t bytes, double ns)
{
	struct message message =
	        message_of(channel, trial, MESSAGE_LATENCY, bytes);

	message.p50 = ns;
	message.p90 = ns * 2;
	message.p99 = ns * 3;
	message.max = ns * 10;
	return message;
}

static struct message throughput(const char *channel, unsigned trial,
                                 uint64_t bytes, double mb_per_s)
{
	struct message message =
	        message_of(channel, trial, MESSAGE_THROUGHPUT, bytes);

	message.mb_per_s = mb_per_s;
	message.messages_per_s = mb_per_s * 1e6 / (double)bytes;
	return message;
}

static void add_message(struct message message)
{
	add(record_message("R", &message));
}

static void setup(void)
{
	struct message alone = message_of("none", 1, MESSAGE_ALONE, 64);

	add(records_run("R"));
	alone.mb_per_s = 9000;
	add_message(alone);
	for (unsigned i = 1; i <= 7; i++) {
		add_message(latency("slow", i, 64, 1000 + i));
		add_message(throughput("slow", 10 + i, 64, 20 + i));
		add_message(latency("fast", 20 + i, 64, 100 + i));
		add_message(latency("fast", 30 + i, 1, 10));
	}
	cr_assert_eq(archive_select(&archive, NULL), 0);
}

static void teardown(void)
{
	archive_free(&archive);
}

TestSuite(ways, .init = setup, .fini = teardown);

static struct ways made(void)
{
	struct ways ways;

	cr_assert_eq(ways_of(&ways, &archive), 0);
	return ways;
}

Test(ways, are_read_as_they_were_written)
{
	const struct message *message;

	cr_assert_eq(archive.messages_count, 29);
	cr_assert_not_null(archive.messages);
	message = &archive.messages[1].message;
	cr_expect_str_eq(message->channel, "slow");
	cr_expect_eq(message->mode, MESSAGE_LATENCY);
	cr_expect(message->valid && message->bytes == 64);
	cr_expect(message->p50 == 1001 && message->p90 == 2002 &&
	          message->p99 == 3003 && message->max == 10010);
	cr_expect(isnan(message->p999) && isnan(message->mb_per_s));
	cr_expect(message->messages == 5 && message->pieces == 3 &&
	          message->elapsed_ns == 7);
	cr_expect(message->cpu_ns == 11 && message->voluntary == 12 &&
	          message->involuntary == 13);
}

/* What was not counted is null; records that have 0 there stay readable. */
Test(ways, what_the_control_does_not_count_is_null)
{
	static const char *const keys[] = {
		"messages",           "pieces",
		"elapsed_ns",         "cpu_ns",
		"voluntary_switches", "involuntary_switches",
	};
	const struct message alone = message_of("none", 1, MESSAGE_ALONE, 64);
	const struct message sent = message_of("pipe", 1, MESSAGE_LATENCY, 64);
	struct complaint complaint = { 0 };
	struct message got;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *record = record_message("R", &alone);

		cr_assert(json_is_null(json_object_get(record, keys[i])), "%s",
		          keys[i]);
		cr_expect_eq(message_read(&got, record, &complaint), 0, "%s",
		             complaint.why);
		(void)json_object_set_new(record, keys[i], json_integer(0));
		cr_expect_eq(message_read(&got, record, &complaint), 0, "%s",
		             complaint.why);
		json_decref(record);
		record = record_message("R", &sent);
		(void)json_object_set_new(record, keys[i], json_null());
		cr_expect_eq(message_read(&got, record, &complaint), -EINVAL,
		             "%s: null where something was sent", keys[i]);
		json_decref(record);
	}
}

Test(ways, come_by_size_then_the_control_then_by_latency)
{
	static const char *const order[] = { "fast", "none", "fast", "slow" };
	struct ways ways = made();

	cr_assert_eq(ways.count, 4);
	for (size_t i = 0; i < 4; i++)
		cr_expect_str_eq(ways.cells[i].channel, order[i], "cell %zu",
		                 i);
	cr_expect_eq(ways.cells[0].bytes, 1);
	ways_free(&ways);
}

Test(ways, have_the_medians_of_their_trials)
{
	struct ways ways = made();
	const struct ways_cell *slow = &ways.cells[3];

	cr_expect_eq(slow->p50.median, 1004);
	cr_expect(slow->p50.interval && slow->p50.low < 1004 &&
	          slow->p50.high > 1004);
	cr_expect_eq(slow->p99, 3012);
	cr_expect_eq(slow->max, 10070, "the largest of all, %f", slow->max);
	cr_expect_eq(slow->mb_per_s.median, 24);
	cr_expect_eq(slow->pieces, 3);
	cr_expect(isnan(slow->p999), "nobody knows");
	ways_free(&ways);
}

Test(ways, have_no_percentile_that_a_trial_could_not_tell)
{
	struct message slowest = latency("slow", 70, 64, 1e6);
	struct ways ways;

	slowest.p99 = NAN;
	add_message(slowest);
	ways = made();
	cr_expect(isnan(ways.cells[3].p99), "%f", ways.cells[3].p99);
	cr_expect_not(isnan(ways.cells[3].p90));
	ways_free(&ways);
}

Test(ways, leave_out_what_is_not_valid_and_say_so)
{
	struct message bad = latency("slow", 50, 64, 5);
	struct ways ways;
	char *table;

	bad.valid = false;
	(void)snprintf(bad.fate, MESSAGE_FATE, "stuck asleep");
	add_message(bad);
	ways = made();
	cr_expect_eq(ways.cells[3].p50.median, 1004);
	cr_expect_eq(ways.cells[3].invalid, 1);
	table = ways_table(&ways, false);
	cr_assert_not_null(table);
	cr_expect(strstr(table, "slow, stuck asleep"), "%s", table);
	free(table);
	ways_free(&ways);
}

Test(ways, say_why_a_channel_has_no_numbers)
{
	struct message gone = message_of("absent", 60, MESSAGE_LATENCY, 64);
	struct ways ways;
	char *table;

	gone.valid = false;
	(void)snprintf(gone.fate, MESSAGE_FATE, "not possible here: ENOSYS");
	add_message(gone);
	ways = made();
	table = ways_table(&ways, false);
	cr_assert_not_null(table);
	cr_expect(strstr(table, "absent           - not possible here: ENOSYS"),
	          "%s", table);
	free(table);
	ways_free(&ways);
}

Test(ways, fit_into_80_columns)
{
	struct ways ways;
	char *table;

	for (unsigned i = 1; i <= 7; i++) {
		add_message(latency("a_name_that_is_longer_than_a_column", i,
		                    1 << 24, 9.99e11 + i));
		add_message(throughput("a_name_that_is_longer_than_a_column",
		                       i + 10, 1 << 24, 9.99e4 + i));
	}
	ways = made();
	table = ways_table(&ways, false);
	cr_assert_not_null(table);
	for (char *line = strtok(table, "\n"); line; line = strtok(NULL, "\n"))
		cr_expect_leq(strlen(line), WORDS_COLUMNS, "%s", line);
	free(table);
	ways_free(&ways);
}

Test(ways, are_drawn_from_what_is_known)
{
	struct ways ways = made();
	char *csv = ways_latency_csv(&ways);

	cr_expect_str_eq(csv, "channel,bytes,ns,low,high,p99,trials\n"
	                      "fast,1,10,10,10,30,7\n"
	                      "fast,64,104,101,107,312,7\n"
	                      "slow,64,1004,1001,1007,3012,7\n");
	free(csv);
	csv = ways_throughput_csv(&ways);
	cr_expect_str_eq(csv, "channel,bytes,mb_per_s,low,high,trials\n"
	                      "none,64,9000,,,1\n"
	                      "slow,64,24,21,27,7\n");
	free(csv);
	ways_free(&ways);
}

Test(ways, count_once_where_a_file_is_read_twice)
{
	size_t count = archive.messages_count;

	add(records_run("R"));
	add_message(latency("slow", 1, 64, 1001));
	cr_expect_eq(archive.messages_count, count);
}

/* Spoils one field of a good record. */
static void expect_refused(const char *key, json_t *value)
{
	struct message good = latency("pipe", 1, 64, 5);
	json_t *record = record_message("R", &good);
	struct complaint complaint = { 0 };

	cr_assert_eq(json_object_set_new(record, key, value), 0);
	cr_expect_eq(archive_add(&archive, record, &complaint), -EINVAL, "%s",
	             key);
	cr_expect(strstr(complaint.why, key), "%s: %s", key, complaint.why);
	json_decref(record);
}

Test(ways, refuse_records_that_are_none)
{
	expect_refused("run", json_string("another"));
	expect_refused("trial", json_integer(0));
	expect_refused("bytes", json_integer(0));
	expect_refused("bytes", json_real(1.5));
	expect_refused("channel", json_string("a b"));
	expect_refused("channel", json_null());
	expect_refused("mode", json_string("loud"));
	expect_refused("valid", json_integer(1));
	expect_refused("fate", json_integer(1));
	expect_refused("p50_ns", json_real(-1));
	expect_refused("max_ns", json_string("long"));
	expect_refused("messages", json_integer(-1));
	expect_refused("voluntary_switches", json_null());
}
