/*
 * futex(2), and syscall(2) as far as it leads there.
 *
 * FUTEX_WAIT is two calls. The first compares the word and, where it has the
 * value, is asleep, in one step, as the kernel does under the lock of the
 * bucket; it reads the word of the workers' memory, the only call that does. The
 * second waits for the wake. So a wake that comes before the sleep is lost, and
 * one that comes after it is not.
 *
 * The kernel wakes the longest waiter first, unless priorities differ; nothing
 * promises it. Here FUTEX_WAKE tries every choice among up to eight waiters, and
 * the lowest workers among more.
 *
 * A wait can end with 0 without a wake (futex(2), NOTES), which is a spurious
 * wake-up here; one by a signal, EINTR, is not modelled. A time limit can be over
 * at any moment.
 *
 * Workers are processes. A futex with FUTEX_PRIVATE_FLAG, or in memory that they
 * do not share, is a different one in each: nobody else can wake its waiter.
 *
 * Modelled are FUTEX_WAIT, FUTEX_WAKE and their _BITSET forms where the set is
 * FUTEX_BITSET_MATCH_ANY; all others are refused.
 */
#include <errno.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "harness/explore/model/kernel.h"

/* Waiters among whom every choice is tried: at most 70 ways. */
enum { CHOICE_MAX = 8 };

/* One that all workers see, by address. */
struct futex {
	uint32_t asleep; /* the set of workers who wait */
};

/* The arguments of the calls. */
enum {
	ADDRESS,
	VALUE, /* which the word must have; how many to wake */
	OWN,   /* nobody else sees this futex */
	TIMED,
};

static const void *word_of(const struct op *op)
{
	const void *word;

	memcpy(&word, &op->args[ADDRESS], sizeof(word));
	return word;
}

static uint32_t *asleep(struct model *model, const struct op *op)
{
	struct futex *futex = model_object(model, MODEL_FUTEX, MODEL_PARENT,
	                                   op->args[ADDRESS], sizeof(*futex));

	return &futex->asleep;
}

static uint32_t who_sleeps(struct model *model, const struct op *op)
{
	const struct futex *futex =
	        model_find(model, MODEL_FUTEX, MODEL_PARENT, op->args[ADDRESS]);

	return futex && !op->args[OWN] ? futex->asleep : 0;
}

/* --- FUTEX_WAIT: to fall asleep, and to be woken */

static void wait_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	const uint32_t *word = word_of(op);

	(void)way;
	if (__atomic_load_n(word, __ATOMIC_RELAXED) !=
	    (uint32_t)op->args[VALUE]) {
		op->result = -EAGAIN;
		return;
	}
	op->result = GOES_ON;
	if (!op->args[OWN])
		*asleep(model, op) |= 1u << worker;
}

static bool is_asleep(struct model *model, unsigned worker, const struct op *op)
{
	return op->args[OWN] || (who_sleeps(model, op) >> worker & 1);
}

static unsigned sleep_ways(struct model *model, unsigned worker,
                           const struct op *op)
{
	return op->args[TIMED] || !is_asleep(model, worker, op);
}

/* Who is still asleep goes on because of the time, or for no reason. */
static void sleep_go(struct model *model, unsigned worker, struct op *op,
                     unsigned way)
{
	bool early = is_asleep(model, worker, op);

	op->result = early && way != MODEL_SPURIOUS ? -ETIMEDOUT : 0;
	if (early && !op->args[OWN])
		*asleep(model, op) &= ~(1u << worker);
}

static const char *sleep_hopeless(struct model *model, unsigned worker,
                                  const struct op *op)
{
	(void)model, (void)worker;
	if (!op->args[OWN] || op->args[TIMED])
		return NULL;
	if (model_is_shared(word_of(op)))
		return "a FUTEX_PRIVATE_FLAG futex is not seen by other "
		       "processes";
	return "the futex is in memory that is not shared";
}

/* --- FUTEX_WAKE */

/* As the kernel counts: it looks at the number after it has woken one. */
static unsigned how_many(uint32_t sleepers, const struct op *op)
{
	unsigned all = (unsigned)__builtin_popcount(sleepers);
	int wanted = (int)op->args[VALUE];

	if (wanted < 1)
		wanted = 1;
	return (unsigned)wanted < all ? (unsigned)wanted : all;
}

static unsigned choose(unsigned n, unsigned k)
{
	unsigned ways = 1;

	for (unsigned i = 1; i <= k; i++)
		ways = ways * (n - k + i) / i;
	return ways;
}

static unsigned wake_ways(struct model *model, unsigned worker,
                          const struct op *op)
{
	uint32_t sleepers = who_sleeps(model, op);
	unsigned all = (unsigned)__builtin_popcount(sleepers);

	(void)worker;
	return all > CHOICE_MAX ? 1 : choose(all, how_many(sleepers, op));
}

/* The subset of that size, the WAYth in the order of its lowest members. */
static uint32_t choice(uint32_t members, unsigned size, unsigned way)
{
	unsigned left = (unsigned)__builtin_popcount(members);
	uint32_t chosen = 0;

	for (; size > 0; members &= members - 1) {
		unsigned with = choose(--left, size - 1);

		if (way < with) {
			chosen |= members & -members;
			size--;
		} else {
			way -= with;
		}
	}
	return chosen;
}

static void wake_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	uint32_t sleepers = who_sleeps(model, op);
	unsigned count = how_many(sleepers, op);

	(void)worker;
	op->result = count;
	if (count > 0)
		*asleep(model, op) &= ~choice(sleepers, count, way);
}

static void take_out(void *object, uint64_t address, unsigned owner,
                     void *worker)
{
	struct futex *futex = object;

	(void)address, (void)owner;
	futex->asleep &= ~(1u << *(const unsigned *)worker);
}

/* A wake is not spent on the dead. */
void futex_end_worker(struct model *model, unsigned worker)
{
	model_each(model, MODEL_FUTEX, take_out, &worker);
}

/* --- front */

static const struct model_call wait_call = {
	.name = "futex FUTEX_WAIT",
	.ways = model_one_way,
	.go = wait_go,
};

static bool sleep_may_wake(struct model *model, unsigned worker,
                           const struct op *op)
{
	return is_asleep(model, worker, op);
}

static const struct model_call sleep_call = {
	.name = "futex FUTEX_WAIT (asleep)",
	.ways = sleep_ways,
	.go = sleep_go,
	.may_wake = sleep_may_wake,
	.hopeless = sleep_hopeless,
};

static const struct model_call wake_call = {
	.name = "futex FUTEX_WAKE",
	.ways = wake_ways,
	.go = wake_go,
};

FRONT(syscall);

static ON_FIBER int64_t wait_futex(const void *address, uint32_t value,
                                   bool own, const struct timespec *timeout,
                                   const void *pc)
{
	struct timespec limit = { 0 };
	int64_t result;

	if (timeout)
		model_copy(&limit, timeout, sizeof(limit), pc);
	if (limit.tv_sec < 0 || limit.tv_nsec < 0 || limit.tv_nsec > 999999999)
		return -EINVAL;
	result = model_post(&wait_call, pc, (uintptr_t)address, value, own, 0);
	if (result != GOES_ON)
		return result;
	return model_post(&sleep_call, pc, (uintptr_t)address, 0, own,
	                  timeout != NULL);
}

static ON_FIBER int64_t futex(uint32_t *address, int what, uint32_t value,
                              const struct timespec *timeout, uint32_t bits,
                              const void *pc)
{
	int command = what & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
	bool own = (what & FUTEX_PRIVATE_FLAG) || !model_is_shared(address);
	bool bitset =
	        command == FUTEX_WAIT_BITSET || command == FUTEX_WAKE_BITSET;

	if ((uintptr_t)address % sizeof(*address) != 0)
		return -EINVAL;
	if (bitset && bits != FUTEX_BITSET_MATCH_ANY)
		model_refuse("futex with a set of bits", pc);
	if (command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET)
		return wait_futex(address, value, own, timeout, pc);
	if (command == FUTEX_WAKE || command == FUTEX_WAKE_BITSET)
		return model_post(&wake_call, pc, (uintptr_t)address, value,
		                  own, 0);
	if (command == FUTEX_REQUEUE || command == FUTEX_CMP_REQUEUE)
		model_refuse("futex FUTEX_REQUEUE", pc);
	model_refuse("futex with that operation", pc);
}

/* "syscall(NUMBER)" without printf, which wants more stack than fronts have. */
static ON_FIBER _Noreturn void refuse_number(long number, const void *pc)
{
	char text[32] = "syscall(";
	char digits[20];
	size_t length = strlen(text);
	int count = 0;

	do {
		digits[count++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	while (count > 0)
		text[length++] = digits[--count];
	text[length] = ')';
	model_refuse(text, pc);
}

/* The arguments of futex(2) behind its number. */
static ON_FIBER int64_t futex_with(va_list *rest, const void *pc)
{
	uint32_t *address = va_arg(*rest, uint32_t *);
	int what = va_arg(*rest, int);
	uint32_t value = va_arg(*rest, uint32_t);
	const struct timespec *timeout = va_arg(*rest, const struct timespec *);
	uint32_t bits;

	(void)va_arg(*rest, void *);
	bits = va_arg(*rest, uint32_t);
	return futex(address, what, value, timeout, bits, pc);
}

long explored_syscall(long number, ...)
{
	const void *pc = __builtin_return_address(0);
	int64_t result;
	va_list rest;

	if (number == SYS_gettid || number == SYS_getpid)
		return kernel_pid(model_self());
	if (number != SYS_futex)
		refuse_number(number < 0 ? 0 : number, pc);
	va_start(rest, number);
	result = futex_with(&rest, pc);
	va_end(rest);
	return model_errno(result);
}
