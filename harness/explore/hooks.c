#include "harness/explore/hooks.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "harness/explore/model/model.h"
#include "harness/explore/seen/mfence.h"

struct hooks hooks;

/* NOLINTBEGIN(bugprone-reserved-identifier,bugprone-macro-parentheses,cert-dcl*,
   performance-no-int-to-ptr): these are the compilers' names, a type takes no
   parentheses, and an address loses its volatile here */

/* The compilers' numbers of memory orders. */
enum { SEQ_CST = 5 };

__extension__ typedef unsigned __int128 uint128;

/* After fork the stack of one worker is not there for another. */
static HOOK void refuse_foreign_stack(const void *pc)
{
	hooks_stop(STOP_ASSERT, 0, pc,
	           "it uses a pointer to another worker's stack, which "
	           "processes do not share");
}

/* Whether an access touches shared memory; the parent's never does. */
static inline HOOK bool is_step(const volatile void *address, size_t size,
                                const void *pc)
{
	uintptr_t at = (uintptr_t)address;
	const struct fiber *own;

	if (at + size > hooks.base && at < hooks.base + hooks.bytes)
		return true;
	if (at - hooks.stacks >= hooks.stacks_bytes || !hooks.bytes)
		return false;
	own = &hooks.self->fiber;
	if (at - (uintptr_t)own->stack >= own->bytes)
		refuse_foreign_stack(pc);
	return false;
}

static inline HOOK void step(enum op_kind kind, const volatile void *address,
                             size_t size, bool atomic, bool drains,
                             const void *pc)
{
	struct op *op = &hooks.self->now.op;

	op->kind = (unsigned char)kind;
	op->atomic = atomic;
	op->drains = drains;
	op->size = (uint32_t)size;
	op->address = (void *)(uintptr_t)address;
	op->pc = pc;
	hooks.leave();
	(void)seen_scrub(0);
}

#define CALLER __builtin_return_address(0)

/* What fits no entry of a store buffer waits until the buffer is empty. */
enum { BUFFERED_MAX = sizeof(((struct buffered *)0)->bytes) };

static HOOK void plain(enum op_kind kind, const volatile void *address,
                       size_t size, const void *pc)
{
	if (size && is_step(address, size, pc))
		step(kind, address, size, false, size > BUFFERED_MAX, pc);
}

/* --- plain and volatile accesses */

#define PLAIN(name, kind, size)                     \
	void __tsan_##name(void *address);          \
	HOOK void __tsan_##name(void *address)      \
	{                                           \
		plain(kind, address, size, CALLER); \
	}

#define PLAIN_OF(size)                                      \
	PLAIN(read##size, OP_LOAD, size)                    \
	PLAIN(write##size, OP_STORE, size)                  \
	PLAIN(unaligned_read##size, OP_LOAD, size)          \
	PLAIN(unaligned_write##size, OP_STORE, size)        \
	PLAIN(volatile_read##size, OP_LOAD, size)           \
	PLAIN(volatile_write##size, OP_STORE, size)         \
	PLAIN(unaligned_volatile_read##size, OP_LOAD, size) \
	PLAIN(unaligned_volatile_write##size, OP_STORE, size)

PLAIN_OF(1)
PLAIN_OF(2)
PLAIN_OF(4)
PLAIN_OF(8)
PLAIN_OF(16)

#define RANGE(name, kind)                                   \
	void __tsan_##name(void *address, size_t size);     \
	HOOK void __tsan_##name(void *address, size_t size) \
	{                                                   \
		plain(kind, address, size, CALLER);         \
	}

RANGE(read_range, OP_LOAD)
RANGE(write_range, OP_STORE)

/* Tables of virtual functions are C++'s; the rest is called once a file. */
void __tsan_init(void);
void __tsan_init(void)
{
}

/* --- atomic accesses: we carry them out, whatever the order asked for */

static HOOK void before_load(const volatile void *address, size_t size,
                             const void *pc)
{
	if (is_step(address, size, pc))
		step(OP_LOAD, address, size, true, false, pc);
}

/* x86 code for a sequentially consistent store is a locked exchange. */
static HOOK void before_store(const volatile void *address, size_t size,
                              int order, const void *pc)
{
	if (is_step(address, size, pc))
		step(OP_STORE, address, size, true, order == SEQ_CST, pc);
}

static HOOK void before_rmw(const volatile void *address, size_t size,
                            const void *pc)
{
	if (is_step(address, size, pc))
		step(OP_RMW, address, size, true, true, pc);
}

/* Nobody else runs meanwhile: plain C will do. */
#define ATOMIC_RMW(bits, type, name, result)                                  \
	type __tsan_atomic##bits##_##name(volatile type *at, type value,      \
	                                  int order);                         \
	HOOK type __tsan_atomic##bits##_##name(volatile type *at, type value, \
	                                       int order)                     \
	{                                                                     \
		type old;                                                     \
                                                                              \
		(void)order;                                                  \
		before_rmw(at, sizeof(type), CALLER);                         \
		old = *at;                                                    \
		*at = (type)(result);                                         \
		return old;                                                   \
	}

#define ATOMIC_CAS(bits, type, strength)                                  \
	int __tsan_atomic##bits##_compare_exchange_##strength(            \
	        volatile type *at, type *expected, type value, int order, \
	        int failure);                                             \
	HOOK int __tsan_atomic##bits##_compare_exchange_##strength(       \
	        volatile type *at, type *expected, type value, int order, \
	        int failure)                                              \
	{                                                                 \
		(void)order;                                              \
		(void)failure;                                            \
		before_rmw(at, sizeof(type), CALLER);                     \
		return exchange_if_##bits(at, expected, value);           \
	}

#define ATOMIC(bits, type)                                                     \
	static HOOK bool exchange_if_##bits(volatile type *at, type *expected, \
	                                    type value)                        \
	{                                                                      \
		type old = *at;                                                \
                                                                               \
		if (old != *expected) {                                        \
			*expected = old;                                       \
			return false;                                          \
		}                                                              \
		*at = value;                                                   \
		return true;                                                   \
	}                                                                      \
	type __tsan_atomic##bits##_load(const volatile type *at, int order);   \
	HOOK type __tsan_atomic##bits##_load(const volatile type *at,          \
	                                     int order)                        \
	{                                                                      \
		(void)order;                                                   \
		before_load(at, sizeof(type), CALLER);                         \
		return *at;                                                    \
	}                                                                      \
	void __tsan_atomic##bits##_store(volatile type *at, type value,        \
	                                 int order);                           \
	HOOK void __tsan_atomic##bits##_store(volatile type *at, type value,   \
	                                      int order)                       \
	{                                                                      \
		before_store(at, sizeof(type), order, CALLER);                 \
		*at = value;                                                   \
	}                                                                      \
	ATOMIC_RMW(bits, type, exchange, value)                                \
	ATOMIC_RMW(bits, type, fetch_add, old + value)                         \
	ATOMIC_RMW(bits, type, fetch_sub, old - value)                         \
	ATOMIC_RMW(bits, type, fetch_and, old &value)                          \
	ATOMIC_RMW(bits, type, fetch_or, old | value)                          \
	ATOMIC_RMW(bits, type, fetch_xor, old ^ value)                         \
	ATOMIC_RMW(bits, type, fetch_nand, ~(old & value))                     \
	ATOMIC_CAS(bits, type, strong)                                         \
	ATOMIC_CAS(bits, type, weak)                                           \
	type __tsan_atomic##bits##_compare_exchange_val(                       \
	        volatile type *at, type expected, type value, int order,       \
	        int failure);                                                  \
	HOOK type __tsan_atomic##bits##_compare_exchange_val(                  \
	        volatile type *at, type expected, type value, int order,       \
	        int failure)                                                   \
	{                                                                      \
		(void)order;                                                   \
		(void)failure;                                                 \
		before_rmw(at, sizeof(type), CALLER);                          \
		(void)exchange_if_##bits(at, &expected, value);                \
		return expected;                                               \
	}

ATOMIC(8, uint8_t)
ATOMIC(16, uint16_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)
ATOMIC(128, uint128)

/*
 * Only a sequentially consistent fence emits an instruction on x86, and only
 * where there are store buffers does that mean anything.
 */
static HOOK void fence(const void *pc)
{
	if (hooks.self && hooks.bytes && hooks.fences)
		step(OP_FENCE, NULL, 0, true, true, pc);
}

void __tsan_atomic_thread_fence(int order);
HOOK void __tsan_atomic_thread_fence(int order)
{
	if (order == SEQ_CST)
		fence(CALLER);
}

void __tsan_atomic_signal_fence(int order);
void __tsan_atomic_signal_fence(int order)
{
	(void)order;
}

/* Called by the stub that stands in for an mfence instruction. */
HOOK void explored_fence_hook(const void *pc)
{
	fence(pc);
}

/* --- for the models' fronts */

HOOK unsigned model_self(void)
{
	return hooks.self ? hooks.self->index : MODEL_PARENT;
}

HOOK unsigned model_workers(void)
{
	return hooks.workers;
}

HOOK bool model_is_shared(const void *address)
{
	return (uintptr_t)address - hooks.base < hooks.shared_bytes;
}

HOOK struct op *model_op(void)
{
	return &hooks.self->now.op;
}

HOOK int64_t model_post(const struct model_call *call, const void *pc,
                        uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	struct op *op = &hooks.self->now.op;

	op->kind = OP_CALL;
	op->atomic = true;
	op->drains = !call->unordered;
	op->size = 0;
	op->address = NULL;
	op->pc = pc;
	op->call = call;
	op->args[0] = a;
	op->args[1] = b;
	op->args[2] = c;
	op->args[3] = d;
	op->result = 0;
	hooks.leave();
	(void)seen_scrub(0);
	return op->result;
}

HOOK int64_t model_errno(int64_t result)
{
	if (result >= 0)
		return result;
	hooks.self->now.err = (int)-result;
	return -1;
}

/* In words of at most 8 bytes, aligned where the destination is. */
HOOK void model_copy(void *to, const void *from, size_t bytes, const void *pc)
{
	unsigned char *target = to;
	const unsigned char *source = from;

	for (size_t at = 0, size; at < bytes; at += size) {
		uint64_t word = 0;

		size = 8;
		while (size > bytes - at || ((uintptr_t)(target + at) % size))
			size /= 2;
		plain(OP_LOAD, source + at, size, pc);
		__builtin_memcpy(&word, source + at, size);
		plain(OP_STORE, target + at, size, pc);
		__builtin_memcpy(target + at, &word, size);
	}
}

HOOK void hooks_stop(enum stop_kind kind, int number, const void *pc,
                     const char *format, ...)
{
	va_list list;

	hooks.stop->kind = kind;
	hooks.stop->number = number;
	hooks.stop->worker = hooks.self->index;
	hooks.stop->pc = pc;
	va_start(list, format);
	(void)vsnprintf(hooks.stop->text, sizeof(hooks.stop->text), format,
	                list);
	va_end(list);
	hooks.self->now.state = WORKER_STOPPED;
	hooks.leave();
	__builtin_unreachable();
}

HOOK void model_refuse(const char *what, const void *pc)
{
	hooks_stop(STOP_REFUSED, 0, pc, "%s", what);
}

/* NOLINTEND(bugprone-reserved-identifier,bugprone-macro-parentheses,cert-dcl*,
   performance-no-int-to-ptr) */
