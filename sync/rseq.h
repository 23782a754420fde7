/*
 * Restartable sequences, rseq(2): a few instructions that belong to one
 * processor. When the kernel takes the thread off it in their midst, or runs a
 * signal handler, it sends the thread to an abort handler, which begins again;
 * so until the last instruction, the one that makes it count, nothing else has
 * run on that processor. No lock, no atomic instruction.
 *
 * A thread tells the kernel once where its struct rseq is; glibc does that from
 * 2.35 on, unless GLIBC_TUNABLES=glibc.pthread.rseq=0 is set. Here only x86-64
 * has the sequence. Explored builds take a twin of this file in plain C.
 */
#ifndef SYNC_RSEQ_H
#define SYNC_RSEQ_H

#include <errno.h>
#include <sched.h>
#include <stdint.h>

#if defined(__x86_64__) && __has_include(<sys/rseq.h>)
#include <sys/rseq.h>
#define RSEQ_HERE 1
#else
#define RSEQ_HERE 0
#endif

/* As many processors as a cpu_set_t has. */
enum { RSEQ_CPUS = CPU_SETSIZE };

/* What one processor adds to. Two cache lines: neighbors are fetched, too. */
struct rseq_slot {
	_Alignas(128) uint64_t count;
};

#if RSEQ_HERE

static inline struct rseq *rseq_area(void)
{
	char *thread;

	/* The first word of a thread's own memory is its address (psABI). */
	__asm__("mov %%fs:0, %0" : "=r"(thread));
	return (struct rseq *)(void *)(thread + __rseq_offset);
}

/*
 * Whether restartable sequences work for this thread, and for the processes
 * that it forks. Returns 0; -ENOSYS where the kernel, libc, the tunable or the
 * architecture is against it; -EOPNOTSUPP where there may be more processors
 * than RSEQ_CPUS.
 */
static inline int rseq_possible(void)
{
	cpu_set_t set;

	if (__rseq_size == 0 || (int32_t)rseq_area()->cpu_id < 0)
		return -ENOSYS;
	/* EINVAL: the kernel's own mask is larger, sched_setaffinity(2). */
	return sched_getaffinity(0, sizeof(set), &set) < 0 ? -EOPNOTSUPP : 0;
}

/*
 * Adds one to the slot of the processor that the caller is on, in a load, an add
 * and a store between which nobody else runs on it. Only where it is possible.
 *
 * The kernel knows the sequence, which goes from 1 to 2, as soon as the address
 * of its description is stored, and aborts it by a jump to 4. The signature in
 * front of that shows that the jump is meant, and reads as an instruction that
 * traps (ud1).
 */
static inline __attribute__((always_inline)) void rseq_increment(
        struct rseq_slot slot[RSEQ_CPUS])
{
	struct rseq *area = rseq_area();
	uint64_t at, value;

	/* inline: it is as short as it looks, not as long as it reads. */
	__asm__ inline volatile(
	        ".pushsection __rseq_cs, \"aw\"\n\t"
	        ".balign 32\n"
	        "0:\t.long 0, 0\n\t"        /* version, flags */
	        ".quad 1f, 2f - 1f, 4f\n\t" /* begin, length, abort */
	        ".popsection\n"
	        "3:\tlea 0b(%%rip), %[at]\n\t"
	        "mov %[at], %[sequence]\n"
	        "1:\tmov %[cpu], %k[at]\n\t"
	        "shl $7, %[at]\n\t" /* times 128 */
	        "mov (%[slot], %[at]), %[value]\n\t"
	        "add $1, %[value]\n\t"
	        "mov %[value], (%[slot], %[at])\n"
	        "2:\n\t"
	        ".pushsection __rseq_failure, \"ax\"\n\t"
	        ".byte 0x0f, 0xb9, 0x3d\n\t"
	        ".long %c[signature]\n"
	        "4:\tjmp 3b\n\t"
	        ".popsection"
	        : [at] "=&r"(at), [value] "=&r"(value),
	          [sequence] "=m"(area->rseq_cs)
	        : [cpu] "m"(area->cpu_id), [slot] "r"(slot),
	          [signature] "i"(RSEQ_SIG)
	        : "memory", "cc");
}

#else

static inline int rseq_possible(void)
{
	return -ENOSYS;
}

static inline void rseq_increment(struct rseq_slot slot[RSEQ_CPUS])
{
	(void)slot; /* never called */
}

#endif
#endif
