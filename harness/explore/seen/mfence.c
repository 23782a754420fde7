/*
 * In assembly, because no function in C keeps all registers. A stack of
 * explored code is part of its worker's state, so that whatever is written
 * there is defined, gaps for alignment included.
 */
#include "harness/explore/seen/mfence.h"

#if defined(__x86_64__)

/*
 * Explored code is compiled without a red zone, so that there may be a call
 * anywhere, and without AVX, so that these 512 bytes hold all there is: x87,
 * MXCSR and the 16 vector registers. fxsave leaves the last 96 of them alone.
 */
__asm__(".text\n"
        ".globl explored_mfence\n"
        ".type explored_mfence, @function\n"
        "explored_mfence:\n"
        "	.cfi_startproc\n"
        "	pushfq\n"
        "	pushq	%rbp\n"
        "	.cfi_def_cfa_offset 24\n"
        "	.cfi_offset %rbp, -24\n"
        "	movq	%rsp, %rbp\n"
        "	.cfi_def_cfa_register %rbp\n"
        "	pushq	%rax\n"
        "	pushq	%rcx\n"
        "	pushq	%rdx\n"
        "	pushq	%rsi\n"
        "	pushq	%rdi\n"
        "	pushq	%r8\n"
        "	pushq	%r9\n"
        "	pushq	%r10\n"
        "	pushq	%r11\n"
        /* One zero, or two where the stack is not aligned to 16. */
        "	pushq	$0\n"
        "	pushq	$0\n"
        "	addq	$8, %rsp\n"
        "	andq	$-16, %rsp\n"
        "	subq	$512, %rsp\n"
        "	fxsave64 (%rsp)\n"
        "	pxor	%xmm0, %xmm0\n"
        "	movaps	%xmm0, 416(%rsp)\n"
        "	movaps	%xmm0, 432(%rsp)\n"
        "	movaps	%xmm0, 448(%rsp)\n"
        "	movaps	%xmm0, 464(%rsp)\n"
        "	movaps	%xmm0, 480(%rsp)\n"
        "	movaps	%xmm0, 496(%rsp)\n"
        "	cld\n"
        "	movq	16(%rbp), %rdi\n"
        "	call	explored_fence_hook@PLT\n"
        "	fxrstor64 (%rsp)\n"
        "	leaq	-72(%rbp), %rsp\n"
        "	popq	%r11\n"
        "	popq	%r10\n"
        "	popq	%r9\n"
        "	popq	%r8\n"
        "	popq	%rdi\n"
        "	popq	%rsi\n"
        "	popq	%rdx\n"
        "	popq	%rcx\n"
        "	popq	%rax\n"
        "	popq	%rbp\n"
        "	.cfi_def_cfa %rsp, 16\n"
        "	popfq\n"
        "	.cfi_def_cfa_offset 8\n"
        "	ret\n"
        "	.cfi_endproc\n"
        ".size explored_mfence, .-explored_mfence\n");

__asm__(".text\n"
        ".globl seen_scrub\n"
        ".type seen_scrub, @function\n"
        "seen_scrub:\n"
        "	.cfi_startproc\n"
        "	movq	%rdi, %rax\n"
        "	pxor	%xmm0, %xmm0\n"
        "	pxor	%xmm1, %xmm1\n"
        "	pxor	%xmm2, %xmm2\n"
        "	pxor	%xmm3, %xmm3\n"
        "	pxor	%xmm4, %xmm4\n"
        "	pxor	%xmm5, %xmm5\n"
        "	pxor	%xmm6, %xmm6\n"
        "	pxor	%xmm7, %xmm7\n"
        "	pxor	%xmm8, %xmm8\n"
        "	pxor	%xmm9, %xmm9\n"
        "	pxor	%xmm10, %xmm10\n"
        "	pxor	%xmm11, %xmm11\n"
        "	pxor	%xmm12, %xmm12\n"
        "	pxor	%xmm13, %xmm13\n"
        "	pxor	%xmm14, %xmm14\n"
        "	pxor	%xmm15, %xmm15\n"
        "	xorl	%r8d, %r8d\n"
        "	xorl	%r9d, %r9d\n"
        "	xorl	%r10d, %r10d\n"
        "	xorl	%r11d, %r11d\n"
        "	xorl	%ecx, %ecx\n"
        "	xorl	%edx, %edx\n"
        "	xorl	%esi, %esi\n"
        "	xorl	%edi, %edi\n"
        "	ret\n"
        "	.cfi_endproc\n"
        ".size seen_scrub, .-seen_scrub\n");

#else

/* No fence is rewritten here: the scan refuses what it does not know. */
uint64_t seen_scrub(uint64_t value)
{
	return value;
}

#endif
