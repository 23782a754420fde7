/* A fence written by hand becomes a call that nobody notices. */
#include "harness/explore/seen/mfence.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#include "harness/target/lines.h"
#include "tests/unit/making.h"

#if defined(__x86_64__)

TestSuite(mfence, .init = making_begin, .fini = making_end);

static bool scribbling;
static unsigned fences;
static const void *fence_pc;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-*): the linker's names */
void __wrap_explored_fence_hook(const void *pc);
/* NOLINTNEXTLINE(readability-redundant-declaration): to be weak here */
void __real_explored_fence_hook(const void *pc) __attribute__((weak));

/* All that a function may change. */
void __wrap_explored_fence_hook(const void *pc)
{
	if (!scribbling) {
		if (__real_explored_fence_hook)
			__real_explored_fence_hook(pc);
		return;
	}
	fences++;
	fence_pc = pc;
	__asm__ volatile(
	        "movq $-1, %%rax; movq %%rax, %%rcx; movq %%rax, %%rdx\n"
	        "movq %%rax, %%rsi; movq %%rax, %%rdi; movq %%rax, %%r8\n"
	        "movq %%rax, %%r9; movq %%rax, %%r10; movq %%rax, %%r11\n"
	        "pcmpeqd %%xmm0, %%xmm0; pcmpeqd %%xmm1, %%xmm1\n"
	        "pcmpeqd %%xmm2, %%xmm2; pcmpeqd %%xmm3, %%xmm3\n"
	        "pcmpeqd %%xmm4, %%xmm4; pcmpeqd %%xmm5, %%xmm5\n"
	        "pcmpeqd %%xmm6, %%xmm6; pcmpeqd %%xmm7, %%xmm7\n"
	        "pcmpeqd %%xmm8, %%xmm8; pcmpeqd %%xmm9, %%xmm9\n"
	        "pcmpeqd %%xmm10, %%xmm10; pcmpeqd %%xmm11, %%xmm11\n"
	        "pcmpeqd %%xmm12, %%xmm12; pcmpeqd %%xmm13, %%xmm13\n"
	        "pcmpeqd %%xmm14, %%xmm14; pcmpeqd %%xmm15, %%xmm15\n"
	        "fninit; fld1; fldpi; clc\n"
	        "fstp %%st(0); fstp %%st(0)\n"
	        :
	        :
	        : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11",
	          "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",
	          "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13",
	          "xmm14", "xmm15", "cc", "memory");
}
/* NOLINTEND(bugprone-reserved-identifier,cert-*) */

/* Loads all registers from the first place, calls, stores into the second. */
struct registers {
	uint64_t general[15]; /* rax rcx rdx rsi rdi r8-r15 rbx rbp */
	uint64_t flags;
	_Alignas(16) unsigned char vector[16][16];
};

void call_with_registers(const struct registers *before,
                         struct registers *after, void (*function)(void),
                         uint64_t misalign);

__asm__(".text\n"
        ".type call_with_registers, @function\n"
        "call_with_registers:\n"
        "pushq %rbx; pushq %rbp; pushq %r12; pushq %r13; pushq %r14\n"
        "pushq %r15\n"
        "movq %rsp, %rax; subq %rcx, %rsp; pushq %rax\n"
        "pushq %rsi; pushq %rdx\n"
        "movdqa 128(%rdi), %xmm0; movdqa 144(%rdi), %xmm1\n"
        "movdqa 160(%rdi), %xmm2; movdqa 176(%rdi), %xmm3\n"
        "movdqa 192(%rdi), %xmm4; movdqa 208(%rdi), %xmm5\n"
        "movdqa 224(%rdi), %xmm6; movdqa 240(%rdi), %xmm7\n"
        "movdqa 256(%rdi), %xmm8; movdqa 272(%rdi), %xmm9\n"
        "movdqa 288(%rdi), %xmm10; movdqa 304(%rdi), %xmm11\n"
        "movdqa 320(%rdi), %xmm12; movdqa 336(%rdi), %xmm13\n"
        "movdqa 352(%rdi), %xmm14; movdqa 368(%rdi), %xmm15\n"
        "pushq 120(%rdi); popfq\n"
        "movq (%rdi), %rax; movq 8(%rdi), %rcx; movq 16(%rdi), %rdx\n"
        "movq 24(%rdi), %rsi; movq 40(%rdi), %r8; movq 48(%rdi), %r9\n"
        "movq 56(%rdi), %r10; movq 64(%rdi), %r11; movq 72(%rdi), %r12\n"
        "movq 80(%rdi), %r13; movq 88(%rdi), %r14; movq 96(%rdi), %r15\n"
        "movq 104(%rdi), %rbx; movq 112(%rdi), %rbp\n"
        "movq 32(%rdi), %rdi\n"
        "call *(%rsp)\n"
        "pushfq; pushq %rdi; movq 24(%rsp), %rdi\n"
        "popq 32(%rdi); popq 120(%rdi)\n"
        "movq %rax, (%rdi); movq %rcx, 8(%rdi); movq %rdx, 16(%rdi)\n"
        "movq %rsi, 24(%rdi); movq %r8, 40(%rdi); movq %r9, 48(%rdi)\n"
        "movq %r10, 56(%rdi); movq %r11, 64(%rdi); movq %r12, 72(%rdi)\n"
        "movq %r13, 80(%rdi); movq %r14, 88(%rdi); movq %r15, 96(%rdi)\n"
        "movq %rbx, 104(%rdi); movq %rbp, 112(%rdi)\n"
        "movdqa %xmm0, 128(%rdi); movdqa %xmm1, 144(%rdi)\n"
        "movdqa %xmm2, 160(%rdi); movdqa %xmm3, 176(%rdi)\n"
        "movdqa %xmm4, 192(%rdi); movdqa %xmm5, 208(%rdi)\n"
        "movdqa %xmm6, 224(%rdi); movdqa %xmm7, 240(%rdi)\n"
        "movdqa %xmm8, 256(%rdi); movdqa %xmm9, 272(%rdi)\n"
        "movdqa %xmm10, 288(%rdi); movdqa %xmm11, 304(%rdi)\n"
        "movdqa %xmm12, 320(%rdi); movdqa %xmm13, 336(%rdi)\n"
        "movdqa %xmm14, 352(%rdi); movdqa %xmm15, 368(%rdi)\n"
        "popq %rdx; popq %rsi; popq %rsp\n"
        "popq %r15; popq %r14; popq %r13; popq %r12; popq %rbp; popq %rbx\n"
        "ret\n"
        ".size call_with_registers, .-call_with_registers\n");

enum { STATUS_FLAGS = 0x8d5, DIRECTION = 0x400 };

static void fill(struct registers *registers)
{
	memset(registers, 0, sizeof(*registers));
	for (unsigned i = 0; i < 15; i++)
		registers->general[i] = UINT64_C(0x0123456789abcd00) + i;
	for (unsigned i = 0; i < 16; i++)
		memset(registers->vector[i], (int)(i + 64), 16);
}

Test(mfence, keeps_all_registers_and_flags)
{
	static const uint64_t flags[] = { STATUS_FLAGS, 0, DIRECTION | 1 };
	static struct registers before, after;

	scribbling = true;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		for (uint64_t misalign = 0; misalign <= 8; misalign += 8) {
			fill(&before);
			before.flags = flags[i] | 2;
			call_with_registers(&before, &after, explored_mfence,
			                    misalign);
			__asm__ volatile("cld");
			after.flags &= STATUS_FLAGS | DIRECTION | 2;
			cr_expect_eq(memcmp(&before, &after, sizeof(before)), 0,
			             "something changed with flags %lx",
			             (unsigned long)flags[i]);
		}
	}
	cr_expect_eq(fences, 6, "%u calls", fences);
}

static void scrub(void)
{
	(void)seen_scrub(5);
}

Test(mfence, is_not_told_by_what_a_hook_leaves)
{
	static struct registers before, first, second;

	cr_expect_eq(seen_scrub(7), 7, "the value is lost");
	fill(&before);
	call_with_registers(&before, &first, scrub, 0);
	memset(before.vector, 1, sizeof(before.vector));
	for (unsigned i = 0; i < 9; i++)
		before.general[i] = 1;
	call_with_registers(&before, &second, scrub, 0);
	cr_expect_eq(memcmp(&first, &second, sizeof(first)), 0,
	             "something is left");
}

/* Many values that live across a fence, and a flag that is set before it. */
static const char program[] =
        "#include <racelab.h>\n"
        "double f(double a, long b, volatile int *x);\n"
        "double f(double a, long b, volatile int *x)\n"
        "{\n"
        "	double c = a * 2, d = a * 3, e = a * 5, g = a * 7;\n"
        "	long double h = (long double)a * 11;\n"
        "	long i = b * 3, j = b * 5, k = b * 7, l = b * 11, m = b * 13;\n"
        "	*x = 1;\n"
        "	__asm__ volatile(\"mfence\" : : : \"memory\");\n"
        "	__builtin_ia32_mfence();\n"
        "	return c + d + e + g + (double)h + (double)(i + j + k + l + m);\n"
        "}\n" MAKING_PROGRAM;

Test(mfence, is_a_call_in_what_was_compiled)
{
	scribbling = true;
	for (int i = 0; i < MAKING_COMPILERS; i++) {
		struct target target;
		struct lines *lines;
		double (*f)(double a, long b, volatile int *x);
		volatile int x = 0;
		char place[64];

		if (!making_has(making_compilers[i]))
			continue;
		fences = 0;
		cr_assert_eq(
		        making_compile("x.c", making_compilers[i], program), 0,
		        "%s: %s", making_complaint.what, making_complaint.why);
		target = making_load();
		*(void **)&f = dlsym(target.handle, "f");
		cr_assert_not_null(f, "no f");
		cr_expect_eq((int)f(2, 3, &x), 2 * 28 + 3 * 39, "it is wrong");
		cr_expect_eq(fences, 2, "%u calls", fences);
		lines = lines_open(making_object);
		(void)lines_of(
		        lines,
		        (size_t)((const unsigned char *)fence_pc - target.text),
		        place, sizeof(place));
		cr_expect_str_eq(place, "x.c:10", "%s", place);
		lines_close(lines);
		target_unload(&target);
	}
}

#endif
