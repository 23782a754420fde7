/*
 * What the explorer's models keep and say, and what the differential tests cannot
 * see: they let all come to rest between two operations.
 */
#include "harness/explore/model/model.h"

#include <stdlib.h>
#include <string.h>

#include "harness/explore/model/spin.h"
#include "tests/unit/primitives.h"

enum { A, B, C };

BODY(nothing, f ? 0 : -1)
BODY(lock, f->pthread_mutex_lock(&o->mutex))
BODY(wait, f->pthread_cond_wait(&o->cond, &o->mutex))
BODY(signal_one, f->pthread_cond_signal(&o->cond))
BODY(read_lock, f->pthread_rwlock_rdlock(&o->rwlock))
BODY(write_lock, f->pthread_rwlock_wrlock(&o->rwlock))
BODY(spin, f->pthread_spin_lock(&o->spin))
BODY(unspin, f->pthread_spin_unlock(&o->spin))
BODY(arrive, f->pthread_barrier_wait(&o->barrier))
BODY(down, errno_of(f->sem_wait(&o->sem)))

static const struct mirror_op no_ops[] = { OP(nothing) };
static const struct mirror_test unmade = TEST_OF(no_ops, nothing);

/* --- objects -------------------------------------------------------------- */

static struct model bare;
static uint64_t elsewhere; /* in private memory */

static uint64_t *value(struct model *model, unsigned worker, void *address)
{
	return model_object(model, MODEL_MISC, worker, (uintptr_t)address,
	                    sizeof(uint64_t));
}

Test(model, objects_in_shared_memory_are_everybodys)
{
	char *shared;

	mirror_model_begin(&unmade);
	shared = mirror_model_objects();
	*value(&bare, A, shared) = 7;
	cr_expect_eq(*value(&bare, B, shared), 7, "B has another one");
	cr_expect_null(model_find(&bare, MODEL_MUTEX, A, (uintptr_t)shared),
	               "of another kind");
	mirror_model_end();
}

Test(model, objects_in_private_memory_begin_as_the_parent_left_them)
{
	mirror_model_begin(&unmade);
	cr_expect_null(model_find(&bare, MODEL_MISC, A, (uintptr_t)&elsewhere),
	               "there is none yet");
	*value(&bare, MODEL_PARENT, &elsewhere) = 1;
	*value(&bare, A, &elsewhere) += 1;
	cr_expect_eq(*value(&bare, A, &elsewhere), 2, "of A");
	cr_expect_eq(*(uint64_t *)model_find(&bare, MODEL_MISC, B,
	                                     (uintptr_t)&elsewhere),
	             1, "of B, to look at");
	cr_expect_eq(*value(&bare, B, &elsewhere), 1, "of B");
	cr_expect_eq(*value(&bare, MODEL_PARENT, &elsewhere), 1,
	             "of the parent");
	mirror_model_end();
}

Test(model, does_not_depend_on_who_came_first)
{
	static struct model other;
	char *shared;

	mirror_model_begin(&unmade);
	shared = mirror_model_objects();
	*value(&bare, A, shared) = 1;
	*value(&bare, B, &elsewhere) = 2;
	*value(&bare, A, &elsewhere) = 3;
	*value(&bare, C, shared + 16) = 4;
	*value(&other, C, shared + 16) = 4;
	*value(&other, A, &elsewhere) = 3;
	*value(&other, B, &elsewhere) = 2;
	*value(&other, A, shared) = 1;
	cr_expect_arr_eq(&bare, &other, sizeof(bare), "other bytes");
	mirror_model_end();
}

static void sum_up(void *object, uint64_t key, unsigned owner, void *argument)
{
	uint64_t *sum = argument;

	cr_expect_gt(owner, (unsigned)MODEL_PARENT, "not everybody's");
	*sum += *(uint64_t *)object * key;
}

Test(model, finds_objects_by_number)
{
	uint64_t sum = 0;

	for (uint64_t i = 0; i < 10; i++)
		*(uint64_t *)model_numbered(&bare, MODEL_MISC, i, 8) = i;
	cr_expect_null(model_find_numbered(&bare, MODEL_MISC, 10), "no tenth");
	cr_expect_eq(*(uint64_t *)model_find_numbered(&bare, MODEL_MISC, 9), 9,
	             "another one");
	model_each(&bare, MODEL_MISC, sum_up, &sum);
	cr_expect_eq(sum, 285, "the sum of squares is %llu",
	             (unsigned long long)sum);
}

Test(model, says_when_it_is_full)
{
	for (uint64_t i = 0; !bare.full; i++) {
		unsigned char *object =
		        model_numbered(&bare, MODEL_PIPE, i, 1000);

		cr_assert_lt(i, 100u, "it is never full");
		for (unsigned j = 0; j < 1000; j++)
			cr_assert_eq(object[j], 0, "not zeroed");
		memset(object, 0xff, 1000);
	}
	cr_expect_leq(bare.used, (uint32_t)MODEL_BYTES, "too much");
}

/* --- what a call says while it waits -------------------------------------- */

static const struct mirror_test made = TEST_OF(no_ops, make_shared);

/* Lets a worker go on for as long as it can. */
static void run_on(unsigned worker)
{
	while (mirror_model_result(worker).end == MIRROR_WAITS &&
	       mirror_model_ways(worker) > 0)
		mirror_model_go(worker, 0);
}

static void begin(mirror_body *body, unsigned worker)
{
	static struct mirror_op ops[MIRROR_WORKERS];

	ops[worker] = (struct mirror_op){ .name = "", .body = body };
	mirror_model_start(&ops[worker], worker);
}

static void run(mirror_body *body, unsigned worker)
{
	begin(body, worker);
	run_on(worker);
	mirror_model_keep();
}

static uint32_t holders_of(unsigned worker)
{
	const struct op *op = mirror_model_op(worker);

	return op->call->holders ? op->call->holders(mirror_model(), worker, op)
	                         : 0;
}

static bool is_hopeless(unsigned worker, const char *why)
{
	const struct op *op = mirror_model_op(worker);
	const char *text =
	        op->call->hopeless
	                ? op->call->hopeless(mirror_model(), worker, op)
	                : NULL;

	return why ? text && strstr(text, why) : !text;
}

static void expect_held(mirror_body *take, mirror_body *want)
{
	mirror_model_begin(&made);
	run(take, A);
	run(want, B);
	cr_expect_eq(mirror_model_result(B).end, MIRROR_WAITS, "B has it, too");
	cr_expect_eq(holders_of(B), 1u << A, "held by %x", holders_of(B));
	cr_expect(is_hopeless(B, NULL), "there is hope");
	model_end_worker(mirror_model(), A);
	cr_expect(is_hopeless(B, "has ended"), "there is none any more");
	mirror_model_end();
}

Test(model, tells_who_holds_it_and_that_he_has_ended)
{
	expect_held(lock, lock);
	expect_held(spin, spin);
	expect_held(write_lock, read_lock);
	expect_held(write_lock, write_lock);
	expect_held(read_lock, write_lock);
}

Test(model, tells_that_a_worker_waits_for_itself)
{
	mirror_model_begin(&made);
	run(lock, A);
	run(lock, A);
	cr_expect_eq(holders_of(A), 1u << A, "held by %x", holders_of(A));
	cr_expect(is_hopeless(A, "itself"), "it does not say so");
	mirror_model_end();
}

static void expect_asleep(mirror_body *first, mirror_body *second)
{
	mirror_model_begin(&unmade);
	run(first, A);
	run(second, B);
	cr_expect(is_hopeless(B, "not process-shared"), "in %s",
	          mirror_model_op(B)->call->name);
	mirror_model_end();
}

Test(model, tells_that_what_it_sleeps_on_is_not_process_shared)
{
	expect_asleep(lock, lock);
	expect_asleep(nothing, wait);
	expect_asleep(write_lock, read_lock);
	expect_asleep(read_lock, write_lock);
	expect_asleep(nothing, down);
	mirror_model_begin(&made);
	run(arrive, A);
	cr_expect(is_hopeless(A, "not process-shared"), "the barrier");
	mirror_model_end();
}

Test(model, tells_that_a_spinlock_was_never_made)
{
	mirror_model_begin(&unmade);
	run(spin, A);
	cr_expect(is_hopeless(A, "never initialized"), "it does not say so");
	mirror_model_end();
}

/* --- several ways --------------------------------------------------------- */

Test(model, lets_two_have_a_mutex_that_is_not_process_shared)
{
	mirror_model_begin(&unmade);
	begin(lock, A);
	begin(lock, B);
	mirror_model_go(A, 0); /* both see that it is free ... */
	mirror_model_go(B, 0);
	mirror_model_go(A, 0); /* ... and take it */
	mirror_model_go(B, 0);
	cr_expect_eq(mirror_model_result(A).end, MIRROR_DONE, "A waits");
	cr_expect_eq(mirror_model_result(B).end, MIRROR_DONE, "B waits");
	mirror_model_end();
}

Test(model, signals_any_of_those_who_wait)
{
	for (unsigned way = 0; way < 2; way++) {
		mirror_model_begin(&made);
		run(wait, A);
		run(wait, B);
		begin(signal_one, C);
		cr_assert_eq(mirror_model_ways(C), 2, "of two");
		mirror_model_go(C, way);
		cr_expect_eq(mirror_model_ways(A), way == 0, "A");
		cr_expect_eq(mirror_model_ways(B), way == 1, "B");
		mirror_model_end();
	}
}

Test(model, lets_who_waits_for_a_condition_wake_up_for_no_reason)
{
	const struct op *op;

	mirror_model_begin(&made);
	run(wait, A);
	op = mirror_model_op(A);
	cr_assert(op->call->may_wake &&
	                  op->call->may_wake(mirror_model(), A, op),
	          "not here");
	mirror_model_go(A, MODEL_SPURIOUS);
	run_on(A);
	cr_expect_eq(mirror_model_result(A).end, MIRROR_DONE, "still waiting");
	cr_expect_eq(mirror_model_result(A).value, 0, "an error");
	mirror_model_end();
}

Test(model, lets_go_who_was_freed_from_a_barrier_a_round_ago)
{
	mirror_model_begin(&made);
	begin(arrive, A);
	mirror_model_go(A, 0); /* it waits */
	mirror_model_keep();
	run(arrive, B); /* completes the round */
	run(arrive, C); /* waits for the next */
	run(arrive, B);
	cr_expect_eq(mirror_model_result(B).value,
	             PTHREAD_BARRIER_SERIAL_THREAD, "it is not complete");
	run_on(A);
	cr_expect_eq(mirror_model_result(A).end, MIRROR_DONE, "A waits");
	mirror_model_end();
}

Test(model, unlocks_a_spinlock_with_a_plain_store)
{
	mirror_model_begin(&made);
	begin(unspin, A);
	cr_expect_eq(mirror_model_op(A)->call, &spin_unlock_call, "another");
	cr_expect(spin_unlock_call.unordered, "with a fence");
	mirror_model_end();
}
