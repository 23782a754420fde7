/* What was compiled is loaded, and found where it says. */
#include "harness/target/target.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "harness/target/find.h"
#include "harness/target/lines.h"
#include "tests/unit/making.h"

TestSuite(load, .init = making_begin, .fini = making_end);

Test(load, takes_each_strategy_with_each_compiler)
{
	static const char *const names[] = { "none", "none_rmw", "atomic" };
	char source[PATH_MAX];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		cr_assert_eq(
		        target_find(names[i], true, source, sizeof(source)), 0,
		        "no source of %s", names[i]);
		for (int j = 0; j < MAKING_COMPILERS; j++) {
			struct target target;

			if (!making_has(making_compilers[j]))
				continue;
			cr_assert_eq(target_compile(source, making_compilers[j],
			                            making_object,
			                            &making_complaint),
			             0, "%s: %s", making_complaint.what,
			             making_complaint.why);
			target = making_load();
			cr_expect_str_eq(target.name, names[i], "it is %s",
			                 target.name);
			cr_expect_not_null(target.strategy, "no strategy");
			cr_expect_null(target.program, "a program");
			cr_expect_eq(target.data_bytes, 0, "%zu bytes of data",
			             target.data_bytes);
			target_unload(&target);
		}
	}
}

/* As if there were a front for it; found because of its name alone. */
int explored_racelab_test_front(int x);
int explored_racelab_test_front(int x)
{
	return x + 40;
}

Test(load, calls_our_version_of_a_function)
{
	for (int i = 0; i < MAKING_COMPILERS; i++) {
		struct target target;
		int (*call)(void);

		if (!making_has(making_compilers[i]))
			continue;
		cr_assert_eq(
		        making_compile(
		                "x.c", making_compilers[i],
		                "#include <racelab.h>\n"
		                "int racelab_test_front(int x);\n"
		                "int call(void) {\n"
		                "int (*volatile f)(int) =\n"
		                "racelab_test_front;\n"
		                "return f(1) +\n"
		                "racelab_test_front(2); }\n" MAKING_PROGRAM),
		        0, "%s: %s", making_complaint.what,
		        making_complaint.why);
		target = making_load();
		/* POSIX has it that functions fit into objects' pointers. */
		*(void **)&call = dlsym(target.handle, "call");
		cr_assert_not_null(call, "no call");
		cr_expect_eq(call(), 83, "it is %d", call());
		target_unload(&target);
	}
}

/* --- data ----------------------------------------------------------------- */

static size_t data_bytes(const char *cc, const char *text)
{
	struct target target;
	size_t bytes;

	cr_assert_eq(making_compile("x.c", cc, text), 0, "%s: %s",
	             making_complaint.what, making_complaint.why);
	target = making_load();
	bytes = target.data_bytes;
	cr_expect_eq(target.data == NULL, bytes == 0, "%zu bytes at %p", bytes,
	             target.data);
	target_unload(&target);
	return bytes;
}

Test(load, counts_what_can_be_written_as_data)
{
	for (int i = 0; i < MAKING_COMPILERS; i++) {
		const char *cc = making_compilers[i];
		size_t bytes;

		if (!making_has(cc))
			continue;
		cr_expect_eq(
		        data_bytes(cc, "#include <racelab.h>\n" MAKING_PROGRAM),
		        0, "%s: of nothing", cc);
		/* Addresses in constants are filled in by the loader. */
		cr_expect_eq(
		        data_bytes(
		                cc,
		                "#include <racelab.h>\n"
		                "extern int x[2];\n"
		                "int *const f[] = { x, x, x };\n"
		                "const char *const s[] = { \"a\" };\n"
		                "const int t[] = { 1, 2, 3 };\n"
		                "const int y[2] = { 1, 2 };\n"
		                "extern int x[2] "
		                "__attribute__((alias(\"y\")));\n" MAKING_PROGRAM),
		        0, "%s: of constants", cc);
		bytes = data_bytes(cc, "#include <racelab.h>\n"
		                       "long a = 1, b;\n"
		                       "long c[4096];\n"
		                       "long *d = &b;\n" MAKING_PROGRAM);
		/* There may be gaps for alignment. */
		cr_expect(bytes >= (3 + 4096) * sizeof(long) &&
		                  bytes < (3 + 4096) * sizeof(long) + 64,
		          "%s: %zu bytes", cc, bytes);
	}
}

Test(load, finds_the_data_and_the_text)
{
	for (int i = 0; i < MAKING_COMPILERS; i++) {
		struct target target;
		unsigned char *a, *b, *f;

		if (!making_has(making_compilers[i]))
			continue;
		cr_assert_eq(
		        making_compile("x.c", making_compilers[i],
		                       "#include <racelab.h>\n"
		                       "long a = 7, b[3];\n" MAKING_PROGRAM),
		        0, "%s", making_complaint.why);
		target = making_load();
		cr_expect_str_eq(target.name, "small", "%s", target.name);
		cr_expect_not_null(target.program, "no program");
		cr_expect_null(target.strategy, "a strategy");
		a = dlsym(target.handle, "a");
		b = dlsym(target.handle, "b");
		cr_assert(a && b, "nothing");
		cr_expect_eq(*(long *)(void *)a, 7, "it is another one");
		for (int j = 0; j < 2; j++) {
			unsigned char *begin = j ? b : a;
			unsigned char *end = begin + (j ? 3 : 1) * sizeof(long);

			cr_expect(begin >= (unsigned char *)target.data &&
			                  end <= (unsigned char *)target.data +
			                                  target.data_bytes,
			          "variable %d is not in it", j);
		}
		memcpy(&f, &target.program->worker, sizeof(f));
		cr_expect(f >= target.text &&
		                  f < target.text + target.text_bytes,
		          "the worker is not in the text");
		target_unload(&target);
		cr_expect_null(target.handle, "it is still there");
	}
}

/* --- what cannot run ------------------------------------------------------ */

static void expect_unfit(const char *text, const char *why)
{
	struct target target;

	cr_assert_eq(making_compile("x.c", NULL, text), 0, "%s: %s",
	             making_complaint.what, making_complaint.why);
	cr_expect_eq(target_load(&target, making_object, &making_complaint),
	             -EINVAL, "it is loaded: %s", text);
	cr_expect_not_null(strstr(making_complaint.why, why), "not %s: %s", why,
	                   making_complaint.why);
	cr_expect_null(target.handle, "it is still there");
}

#define WORK                                                      \
	"#include <racelab.h>\n"                                  \
	"static void toil(struct sync_ctx *ctx) { (void)ctx; }\n" \
	"static int lock(struct sync_ctx *ctx) { (void)ctx; return 0; }\n"

Test(load, wants_one_strategy_or_program)
{
	expect_unfit("", "there is no strategy and no program");
	/* By these names, but they are none. */
	expect_unfit("int sync_x = 1; int racelab_x = 1;\n"
	             "int sync_f(void) { return 0; }\n",
	             "there is no strategy and no program");
	expect_unfit(
	        WORK MAKING_PROGRAM
	        "SYNC_STRATEGY(other) = { .lock = lock, .unlock = lock };\n",
	        "sync_other");
	expect_unfit(WORK MAKING_PROGRAM
	             "PROGRAM(other) = { .worker = toil, .check = look };\n",
	             "more than one");
}

Test(load, refuses_what_cannot_run)
{
	expect_unfit(WORK "PROGRAM(x) = { .worker = toil };\n",
	             "it has no check");
	expect_unfit(WORK "PROGRAM(x) = { .workers = 2 };\n",
	             "it has no worker");
	expect_unfit(WORK "SYNC_STRATEGY(x) = { .lock = lock };\n",
	             "lock, but no unlock");
	expect_unfit(WORK "SYNC_STRATEGY(x) = { .unlock = lock };\n",
	             "unlock, but no lock");
	expect_unfit(WORK "SYNC_STRATEGY(x) = { .summary = \"x\" };\n",
	             "neither add nor lock");
}

Test(load, refuses_what_is_no_object)
{
	struct target target;

	making_write(making_path("x.so"), "no object");
	cr_expect_eq(
	        target_load(&target, making_path("x.so"), &making_complaint),
	        -EINVAL, "a text is one");
	cr_expect_str_eq(making_complaint.what, "x.so", "%s",
	                 making_complaint.what);
	making_write(making_path("y.so"), "");
	cr_expect_eq(
	        target_load(&target, making_path("y.so"), &making_complaint),
	        -EINVAL, "nothing is one");
	cr_expect_eq(
	        target_load(&target, making_path("z.so"), &making_complaint),
	        -ENOENT, "it is there");
	cr_expect_eq(target_load(&target, making_folder, &making_complaint),
	             -EINVAL, "a folder is one: %s", making_complaint.why);
}

/* --- files ---------------------------------------------------------------- */

Test(load, finds_files_by_the_names_of_strategies_only)
{
	char path[PATH_MAX], tiny[8];

	cr_expect_eq(target_find("none", true, path, sizeof(path)), 0, "none");
	cr_expect_not_null(strstr(path, "/lib/racelab/sync/none.c"), "%s",
	                   path);
	cr_expect_eq(target_find(NULL, true, path, sizeof(path)), 0, "headers");
	cr_expect_not_null(strstr(path, "/lib/racelab/include"), "%s", path);
	cr_expect_eq(target_find("nothing", true, path, sizeof(path)), -ENOENT,
	             "nothing");
	cr_expect_eq(target_find("../sync/none", true, path, sizeof(path)),
	             -ENOENT, "a way out");
	cr_expect_eq(target_find("", true, path, sizeof(path)), -ENOENT,
	             "no name");
	cr_expect_eq(target_find("none", true, tiny, sizeof(tiny)), -ENOENT,
	             "it fits");
	cr_expect_eq(find_folder("seen", path, sizeof(path)), 0, "seen");
	cr_expect_eq(find_folder("unseen", path, sizeof(path)), -ENOENT,
	             "unseen");
}

/* --- lines ---------------------------------------------------------------- */

/* Where in the text the return address of a call of the hook is. */
static size_t find_call(const struct target *target, const char *function)
{
	const unsigned char *begin = dlsym(target->handle, function);

	cr_assert_not_null(begin, "no %s", function);
	/* e8 and an address of four bytes: the first call. */
	while (*begin != 0xe8 && begin < target->text + target->text_bytes)
		begin++;
	return (size_t)(begin - target->text) + 5;
}

Test(load, tells_lines)
{
	char text[64];

	for (int i = 0; i < MAKING_COMPILERS; i++) {
		struct target target;
		struct lines *lines;

		if (!making_has(making_compilers[i]))
			continue;
		cr_assert_eq(
		        making_compile("a b.c", making_compilers[i],
		                       "#include <racelab.h>\n"
		                       "static inline void inner(long *x)\n"
		                       "{\n"
		                       "	*x += 1;\n"
		                       "}\n"
		                       "void outer(long *x);\n"
		                       "void outer(long *x)\n"
		                       "{\n"
		                       "	inner(x);\n"
		                       "}\n"
		                       "void deep(uint64_t *x);\n"
		                       "void deep(uint64_t *x)\n"
		                       "{\n"
		                       "	sync_increment(x);\n"
		                       "}\n" MAKING_PROGRAM),
		        0, "%s", making_complaint.why);
		target = making_load();
		lines = lines_open(making_object);
		cr_assert_not_null(lines, "no lines");
#if defined(__x86_64__)
		cr_expect_str_eq(lines_of(lines, find_call(&target, "outer"),
		                          text, sizeof(text)),
		                 "a b.c:4", "%s: %s", making_compilers[i],
		                 text);
		(void)lines_of(lines, find_call(&target, "deep"), text,
		               sizeof(text));
		cr_expect_eq(strncmp(text, "sync.h:", 7), 0, "%s: %s",
		             making_compilers[i], text);
#endif
		cr_expect_str_eq(lines_of(lines, 0, text, sizeof(text)), "?",
		                 "%s", text);
		cr_expect_str_eq(lines_of(lines, target.text_bytes + 100, text,
		                          sizeof(text)),
		                 "?", "%s", text);
		cr_expect_str_eq(
		        lines_of(lines, find_call(&target, "outer"), text, 4),
		        "a b", "%s", text);
		lines_close(lines);
		target_unload(&target);
	}
}

Test(load, tells_no_lines_of_what_has_none)
{
	char text[64];

	cr_expect_null(lines_open("/nowhere"), "it is nowhere");
	making_write(making_path("x.so"), "no object");
	cr_expect_null(lines_open(making_path("x.so")), "it is a text");
	cr_expect_str_eq(lines_of(NULL, 1, text, sizeof(text)), "?", "%s",
	                 text);
	lines_close(NULL);
}
