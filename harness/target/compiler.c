#include "harness/target/compiler.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Before the options that the compiler was named with: those win. */
static const char *const at_first[] = { "-O2", "-std=gnu11", NULL };

/*
 * After them: without these, what is explored would not be what is seen.
 *
 * -gdwarf-4: clang's listings with version 5 cannot be assembled again.
 * -fno-optimize-sibling-calls: a hook that is jumped to does not know from where.
 * -fno-builtin: gcc would carry memcpy and memcmp out itself, unannounced.
 * -mno-red-zone, -mno-avx: a fence becomes a call, which pushes an address and
 * saves no more than the older registers.
 */
static const char *const always[] = { "-w",
	                              "-gdwarf-4",
	                              "-fno-optimize-sibling-calls",
	                              "-fPIC",
	                              "-fsanitize=thread",
	                              "-fno-builtin",
	                              "-fno-stack-protector",
	                              "-fno-lto",
	                              "-fverbose-asm",
#if defined(__x86_64__)
	                              "-masm=att",
	                              "-mno-red-zone",
	                              "-mno-avx",
	                              "-fcf-protection=none",
#endif
	                              "-U_FORTIFY_SOURCE",
	                              "-D_GNU_SOURCE",
	                              NULL };

static const char *const of_gcc[] = { "-fmax-errors=1",
	                              "--param",
	                              "tsan-instrument-func-entry-exit=0",
	                              "--param",
	                              "tsan-distinguish-volatile=1",
	                              NULL };

/* Without the last, `x = x + 1` calls no hook before it loads. */
static const char *const of_clang[] = { "-ferror-limit=1",
	                                "-mllvm",
	                                "-tsan-instrument-func-entry-exit=0",
	                                "-mllvm",
	                                "-tsan-distinguish-volatile=1",
	                                "-mllvm",
	                                "-tsan-instrument-read-before-write=1",
	                                NULL };

/* --- which one ------------------------------------------------------------ */

static int write_probe(const char *path)
{
	FILE *file = fopen(path, "we");
	int err = 0;

	if (!file)
		return -errno;
	if (fputs("__clang__\n", file) < 0)
		err = -EIO;
	if (fclose(file) < 0)
		err = -errno;
	return err;
}

/* The name of a macro that is defined is replaced, and otherwise left. */
static int ask(struct compiler *compiler, const char *probe,
               struct complaint *complaint)
{
	struct command command = compiler->words;
	char said[4096];
	int err = write_probe(probe);

	if (err) {
		complain(complaint, probe, "it cannot be written: %s",
		         strerror(-err));
		return err;
	}
	command_add(&command, "-E");
	command_add(&command, "-P");
	command_add(&command, probe);
	command_add(&command, NULL);
	err = command_run(&command, said, sizeof(said), complaint);
	compiler->clang = !err && !strstr(said, "__clang__");
	return err;
}

int compiler_begin(struct compiler *compiler, const char *cc, const char *probe,
                   struct complaint *complaint)
{
	char *rest = NULL;

	*compiler = (struct compiler){ .text = strdup(cc ? cc : "cc") };
	if (!compiler->text) {
		complain(complaint, "compiler", "out of memory");
		return -ENOMEM;
	}
	for (char *word = strtok_r(compiler->text, " \t", &rest); word;
	     word = strtok_r(NULL, " \t", &rest)) {
		if (word[0] != '-' &&
		    compiler->program == compiler->words.count)
			compiler->program++;
		command_add(&compiler->words, word);
	}
	if (compiler->program == 0) {
		complain(complaint, cc, "this names no compiler");
		return -ENOENT;
	}
	return ask(compiler, probe, complaint);
}

void compiler_end(struct compiler *compiler)
{
	free(compiler->text);
	compiler->text = NULL;
}

/* --- what it is asked for ------------------------------------------------- */

int compiler_list(const struct compiler *compiler, const char *source,
                  const char *const *folders, const char *listing,
                  struct complaint *complaint)
{
	struct command command = { .count = 0 };

	for (size_t i = 0; i < compiler->program; i++)
		command_add(&command, compiler->words.words[i]);
	command_add_all(&command, at_first);
	for (size_t i = compiler->program; i < compiler->words.count; i++)
		command_add(&command, compiler->words.words[i]);
	command_add_all(&command, always);
	command_add_all(&command, compiler->clang ? of_clang : of_gcc);
	for (; *folders; folders++) {
		command_add(&command, "-I");
		command_add(&command, *folders);
	}
	command_add(&command, "-S");
	command_add(&command, "-o");
	command_add(&command, listing);
	/* Whatever its name is. */
	command_add(&command, "-x");
	command_add(&command, "c");
	command_add(&command, source);
	command_add(&command, NULL);
	return command_run(&command, NULL, 0, complaint);
}

int compiler_assemble(const struct compiler *compiler, const char *listing,
                      const char *object, struct complaint *complaint)
{
	struct command command = compiler->words;

	command_add(&command, "-c");
	command_add(&command, "-o");
	command_add(&command, object);
	command_add(&command, listing);
	command_add(&command, NULL);
	return command_run(&command, NULL, 0, complaint);
}

int compiler_link(const struct compiler *compiler, const char *object,
                  const char *output, struct complaint *complaint)
{
	/* All addresses are known from the start, and calls stay inside. */
	static const char *const options[] = { "-shared",
		                               "-nostartfiles",
		                               "-Wl,-z,now",
		                               "-Wl,-z,relro",
		                               "-Wl,-Bsymbolic",
		                               "-o",
		                               NULL };
	struct command command = compiler->words;

	command_add_all(&command, options);
	command_add(&command, output);
	command_add(&command, object);
	command_add(&command, NULL);
	return command_run(&command, NULL, 0, complaint);
}
