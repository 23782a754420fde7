/*
 * Small C files, compiled and judged. Where this program has no hooks, nothing
 * that was compiled could be loaded, and nothing is tried.
 */
#include "harness/target/target.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/process.h"
#include "harness/target/pure.h"
#include "tests/unit/making.h"

TestSuite(target, .init = making_begin, .fini = making_end);

/* Compiled by each compiler that is here, it is refused in these words. */
static void expect_refused(const char *text, const char *what, const char *why)
{
	for (int i = 0; i < MAKING_COMPILERS; i++) {
		if (!making_has(making_compilers[i]))
			continue;
		cr_expect_eq(making_compile("x.c", making_compilers[i], text),
		             -ENOTSUP, "%s takes it: %s", making_compilers[i],
		             text);
		cr_expect_str_eq(making_complaint.what, what, "%s: %s: %s: %s",
		                 making_compilers[i], making_complaint.what,
		                 making_complaint.why, text);
		cr_expect_not_null(strstr(making_complaint.why, why),
		                   "%s: not %s: %s", making_compilers[i], why,
		                   making_complaint.why);
		cr_expect_str_not_empty(making_complaint.cure, "no cure");
	}
	cr_expect_eq(making_left(), 0, "something is left");
}

static void expect_taken(const char *text)
{
	for (int i = 0; i < MAKING_COMPILERS; i++) {
		if (making_has(making_compilers[i]))
			cr_expect_eq(making_compile("x.c", making_compilers[i],
			                            text),
			             0, "%s: %s: %s: %s", making_compilers[i],
			             making_complaint.what,
			             making_complaint.why, text);
	}
	cr_expect_eq(making_left(), 0, "something is left");
}

/* --- what is taken -------------------------------------------------------- */

Test(target, finds_our_headers_by_both_names)
{
	expect_taken("#include <racelab.h>\n" MAKING_PROGRAM);
	expect_taken("#include \"sync/sync.h\"\n"
	             "#include \"sync/child.h\"\n"
	             "static int add(struct sync_ctx *ctx, uint64_t *counter)\n"
	             "{ (void)ctx; cpu_unlocked_add(counter); cpu_pause();\n"
	             "  *counter = cpu_opaque(*counter); return 0; }\n"
	             "SYNC_STRATEGY(small) = { .add = add };\n");
}

Test(target, takes_hints_and_empty_assembly)
{
	expect_taken("void f(int *x) {\n"
	             "__asm__ volatile(\"\" : : : \"memory\");\n"
	             "__asm__ volatile(\"# nothing\" : \"+r\"(*x));\n"
#if defined(__x86_64__)
	             "__asm__ volatile(\"pause\"); __builtin_ia32_pause();\n"
	             "__asm__ volatile(\"rep; nop\"); __asm__(\"rep nop\");\n"
#endif
	             "}\n");
}

Test(target, takes_atomics_of_all_kinds)
{
	expect_taken("#include <stdatomic.h>\n"
	             "long f(_Atomic long *x, atomic_flag *y, int *z) {\n"
	             "long e = 1; atomic_flag_test_and_set(y);\n"
	             "atomic_flag_clear(y); atomic_thread_fence(5);\n"
	             "__sync_fetch_and_add(z, 1); __sync_synchronize();\n"
	             "__sync_lock_test_and_set(z, 1);\n"
	             "__sync_lock_release(z); *x |= 4;\n"
	             "return atomic_exchange(x, 3) +\n"
	             "atomic_compare_exchange_weak(x, &e, 2); }\n");
}

Test(target, takes_what_is_pure)
{
	expect_taken(
	        "#include <pthread.h>\n#include <math.h>\n"
	        "#include <stdlib.h>\n#include <signal.h>\n"
	        "#include <arpa/inet.h>\n"
	        "double f(double x, sigset_t *s, pthread_mutexattr_t *a) {\n"
	        "sigemptyset(s); pthread_mutexattr_settype(a, 1);\n"
	        "return pow(x, 2) + sqrtf(2) + abs((int)x) +\n"
	        "htonl((unsigned)x) + div((int)x, 3).quot; }\n"
	        "__int128 g(__int128 a, __int128 b) { return a / b; }\n");
	cr_expect(pure_is("sinl"), "sinl");
	cr_expect(pure_is("ceil"), "ceil");
	cr_expect_not(pure_is("memcpy"), "memcpy");
	cr_expect_not(pure_is("f"), "f");
	cr_expect_not(pure_is(""), "nothing");
}

Test(target, does_not_mind_odd_names)
{
	static const char *const names[] = {
		"a b.c",     "-x.c", "@x.c", "it's.c", "a\"b.c",
		"$(exit).c", "x",    "x.S",  "ä.c",    "a: error: b.c"
	};
	char before[PATH_MAX];

	cr_assert_not_null(getcwd(before, sizeof(before)), "no cwd");
	cr_assert_eq(chdir(making_folder), 0, "no folder");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		making_write(making_path(names[i]),
		             "#include <racelab.h>\n" MAKING_PROGRAM);
		cr_expect_eq(target_compile(names[i], NULL, "-o.so",
		                            &making_complaint),
		             0, "%s: %s: %s", names[i], making_complaint.what,
		             making_complaint.why);
	}
	cr_expect_eq(access("-o.so", R_OK), 0, "no object");
	cr_assert_eq(chdir(before), 0, "no way back");
}

Test(target, lets_options_of_the_compiler_win)
{
	cr_expect_eq(making_compile("x.c", " cc  -O1 -DOPTION ",
	                            "#ifndef OPTION\n#error no\n#endif\n"),
	             0, "%s: %s", making_complaint.what, making_complaint.why);
	cr_expect_eq(
	        making_compile("x.c", "cc -O0 -g0 -flto",
	                       "#ifdef __OPTIMIZE__\n#error no\n#endif\n"
	                       "int rand_r(unsigned *);\n"
	                       "int f(unsigned *x) { return rand_r(x); }\n"),
	        -ENOTSUP, "%s: %s", making_complaint.what,
	        making_complaint.why);
	cr_expect_str_eq(making_complaint.what, "x.c:5", "%s",
	                 making_complaint.what);
}

/* --- what is not ---------------------------------------------------------- */

Test(target, refuses_a_function_that_it_does_not_know)
{
	expect_refused("#include <stdlib.h>\n"
	               "int f(unsigned *x)\n"
	               "{\n"
	               "	*x += 1;\n"
	               "	return rand_r(x);\n"
	               "}\n",
	               "x.c:5", "calls rand_r");
	expect_refused("int rand_r(unsigned *);\n"
	               "int (*f(void))(unsigned *) { return rand_r; }\n",
	               "x.c:2", "uses rand_r");
	expect_refused("int rand_r(unsigned *);\n"
	               "int (*const f)(unsigned *) = rand_r;\n",
	               "x.c", "uses rand_r");
}

Test(target, refuses_a_variable_that_it_does_not_know)
{
	expect_refused("extern int optind;\n"
	               "int f(void) {\n"
	               "	return optind;\n"
	               "}\n",
	               "x.c:3", "uses optind");
	expect_refused("int odd(void) __attribute__((weak));\n"
	               "int f(void) {\n"
	               "	return odd ? odd() : 0;\n"
	               "}\n",
	               "x.c:3", "odd");
}

/* gcc announces the store alone; clang announces the load, too, and is right. */
Test(target, refuses_a_bit_field_whose_load_is_not_announced)
{
	static const char text[] =
	        "#include <racelab.h>\n"
	        "struct halves { unsigned low : 4, high : 4; };\n"
	        "void f(struct halves *halves)\n"
	        "{ halves->low = 1; }\n" MAKING_PROGRAM;

	if (making_has("gcc"))
		cr_expect_eq(making_compile("x.c", "gcc", text), -ENOTSUP,
		             "gcc joins load and store");
	if (making_has("clang"))
		cr_expect_eq(making_compile("x.c", "clang", text), 0, "%s",
		             making_complaint.why);
}

Test(target, refuses_thread_local_variables)
{
	expect_refused("static __thread int mine;\n"
	               "int f(void) {\n"
	               "	return ++mine;\n"
	               "}\n",
	               "x.c:3", "thread-local");
	expect_refused("extern _Thread_local int mine;\n"
	               "int f(void) {\n"
	               "	return ++mine;\n"
	               "}\n",
	               "x.c:3", "mine is a thread-local");
	expect_refused("__attribute__((tls_model(\"initial-exec\")))\n"
	               "extern __thread int mine;\n"
	               "int f(void) {\n"
	               "	return ++mine;\n"
	               "}\n",
	               "x.c:4", "thread-local");
}

Test(target, refuses_names_of_its_own)
{
	expect_refused("void __tsan_read4(void *p) { (void)p; }\n",
	               "__tsan_read4", "keeps for itself");
	expect_refused("int explored_open(void) { return 0; }\n",
	               "explored_open", "keeps for itself");
	expect_refused("int explored_open(void);\n"
	               "int f(void) { return explored_open(); }\n",
	               "x.c:2", "explored_open");
}

#if defined(__x86_64__)

Test(target, refuses_inline_assembly)
{
	expect_refused("void f(long *x) {\n"
	               "	*x = 1;\n"
	               "	__asm__ volatile(\"incq %0\" : \"+m\"(*x));\n"
	               "}\n",
	               "x.c:3", "incq (%r");
	expect_refused(
	        "void f(long *x) {\n"
	        "	__asm__ volatile(\"lock; incq %0\" : \"+m\"(*x));\n"
	        "}\n",
	        "x.c:2", "lock");
	expect_refused("void f(void) {\n"
	               "	__asm__ volatile(\"pause; incl (%rsp)\");\n"
	               "}\n",
	               "x.c:2", "incl (%rsp)");
	expect_refused("void f(void) {\n"
	               "	__asm__ volatile(\".byte 0xf0, 0xff, 0x07\");\n"
	               "}\n",
	               "x.c:2", ".byte");
	expect_refused("__asm__(\"f: ret\");\n", "x.c", "ret");
	expect_refused("static inline void g(void) {\n"
	               "	__asm__ volatile(\"LFENCE\");\n"
	               "}\n"
	               "void f(void) {\n"
	               "	g();\n"
	               "}\n",
	               "x.c:2", "inline assembly");
}

Test(target, refuses_builtin_instructions)
{
	static const struct {
		const char *call, *why;
	} table[] = {
		{ "__builtin_ia32_lfence()", "lfence" },
		{ "__builtin_ia32_sfence()", "sfence" },
		{ "(void)__builtin_ia32_rdtsc()", "rdtsc" },
		{ "__builtin_ia32_clflush(x)", "clflush" },
		{ "__builtin_ia32_movnti((int *)x, 1)", "movnti" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char text[256];

		(void)snprintf(text, sizeof(text),
		               "unsigned long long t;\n"
		               "void f(void *x) {\n"
		               "	t += (unsigned long long)x;\n"
		               "	%s;\n"
		               "}\n",
		               table[i].call);
		expect_refused(text, "x.c:4", table[i].why);
	}
}

#endif

/* --- what is no C file ---------------------------------------------------- */

Test(target, tells_the_first_error_of_the_compiler)
{
	for (int i = 0; i < MAKING_COMPILERS; i++) {
		if (!making_has(making_compilers[i]))
			continue;
		cr_expect_eq(
		        making_compile("a b: c.c", making_compilers[i],
		                       "int unused;\n"
		                       "int f(void) { return unknown; }\n"
		                       "int g(void) { return unknown2; }\n"),
		        -EINVAL, "%s takes it", making_compilers[i]);
		cr_expect_str_eq(making_complaint.what, "a b: c.c:2", "%s",
		                 making_complaint.what);
		cr_expect_not_null(strstr(making_complaint.why, "unknown"),
		                   "%s", making_complaint.why);
		cr_expect_eq(making_compile("x.c", making_compilers[i],
		                            "\n#include \"no such.h\"\n"),
		             -EINVAL, "%s takes it", making_compilers[i]);
		cr_expect_str_eq(making_complaint.what, "x.c:2", "%s",
		                 making_complaint.what);
	}
	cr_expect_eq(making_left(), 0, "something is left");
}

Test(target, refuses_what_is_no_file)
{
	char fifo[PATH_MAX + 64];

	cr_expect_eq(target_compile("/nowhere/x.c", NULL, making_object,
	                            &making_complaint),
	             -ENOENT, "it is nowhere");
	cr_expect_str_eq(making_complaint.why, "there is no such file", "%s",
	                 making_complaint.why);
	cr_expect_eq(target_compile("", NULL, making_object, &making_complaint),
	             -EISDIR, "it has no name");
	cr_expect_eq(target_compile(making_folder, NULL, making_object,
	                            &making_complaint),
	             -EISDIR, "it is a folder");
	(void)snprintf(fifo, sizeof(fifo), "%s", making_path("fifo"));
	cr_assert_eq(mkfifo(fifo, 0600), 0, "no fifo");
	cr_expect_eq(
	        target_compile(fifo, NULL, making_object, &making_complaint),
	        -EINVAL, "it is a pipe");
}

Test(target, needs_a_compiler)
{
	cr_expect_eq(making_compile("x.c", "racelab-no-compiler -O2", ""),
	             -ENOENT, "there is one");
	cr_expect_str_eq(making_complaint.what, "racelab-no-compiler", "%s",
	                 making_complaint.what);
	cr_expect_eq(making_compile("x.c", "  ", ""), -ENOENT,
	             "blanks are one");
	cr_expect_eq(making_compile("x.c", "-O2", ""), -ENOENT,
	             "an option is one");
	cr_expect_eq(making_compile("x.c", "cc --no-such-option", ""), -EINVAL,
	             "the option is there");
	cr_expect_eq(making_compile("x.c", "false", ""), -EINVAL,
	             "false is one");
	cr_expect_str_eq(making_complaint.why, "it ended with status 1", "%s",
	                 making_complaint.why);
}

/* gcc reads on until its memory is full. */
Test(target, is_not_held_up_by_a_file_without_end)
{
	uint64_t begin_ns = clock_now_ns();

	cr_expect_eq(making_compile("x.c", NULL, "#include \"/dev/zero\"\n"),
	             -EINVAL, "it has an end");
	cr_expect_lt(clock_now_ns() - begin_ns, 30 * NS_PER_SEC, "too long");
	cr_expect_eq(making_left(), 0, "something is left");
}

/* A compiler that only waits. */
static void compile_for_long(void *argument)
{
	char slow[PATH_MAX + 64];

	(void)argument;
	(void)signal(SIGTERM, SIG_DFL);
	(void)snprintf(slow, sizeof(slow), "%s", making_path("slow"));
	making_write(slow, "#!/bin/sh\necho >\"$0.began\"\n"
	                   "sleep 1732.5 & wait\n");
	(void)chmod(slow, 0700);
	(void)making_compile("x.c", slow, "");
	_exit(0);
}

Test(target, is_interrupted_and_leaves_nothing)
{
	uint64_t give_up_ns = clock_now_ns() + 20 * NS_PER_SEC;
	pid_t pid = process_fork(compile_for_long, NULL);
	const char *began = making_path("slow.began");
	int status;

	cr_assert_gt(pid, 0, "no child");
	while (access(began, F_OK) < 0 && clock_now_ns() < give_up_ns)
		(void)usleep(1000);
	(void)kill(pid, SIGTERM);
	status = process_reap(pid);
	cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM,
	          "it ended otherwise: %d", status);
	cr_expect_eq(making_left(), 0, "something is left");
}
