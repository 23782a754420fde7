#include "harness/target/symbols.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "harness/target/listing.h"
#include "harness/target/pure.h"
#include "harness/target/target.h"

enum { PLACE_MAX = 96 };

struct judgement {
	const char *listing;
	size_t size;
	FILE *renames;
	int count;
	struct complaint *complaint;
};

/* --- where it is used ----------------------------------------------------- */

static bool calls(const struct statement *statement)
{
	static const char *const names[] = { "call", "jmp", "b ", "bl " };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strncmp(statement->text, names[i], strlen(names[i])) == 0)
			return true;
	}
	return false;
}

/*
 * Finds the first statement that names the symbol; only its file is told where
 * that is a table, not an instruction. Returns whether it is a call.
 */
static bool find_use(const struct judgement *judgement, const char *symbol,
                     char place[PLACE_MAX])
{
	struct listing listing;
	struct statement statement;
	bool is_call = false;
	int found;

	listing_begin(&listing, judgement->listing, judgement->size);
	while ((found = listing_next(&listing, &statement)) > 0 &&
	       !statement_names(&statement, symbol))
		continue;
	if (found > 0) {
		is_call = calls(&statement);
	} else {
		statement.file = listing_source(&listing);
		statement.line = 0;
	}
	(void)statement_place(&statement, place, PLACE_MAX);
	listing_end(&listing);
	return is_call;
}

/* --- what it is ----------------------------------------------------------- */

static bool is_hook(const char *name)
{
	return strncmp(name, "__tsan_", strlen("__tsan_")) == 0;
}

static bool is_ours(const char *name)
{
	return strncmp(name, TARGET_PREFIX, strlen(TARGET_PREFIX)) == 0;
}

/* Of the running program, and of what it is linked with. */
static bool program_has(const char *name)
{
	return dlsym(RTLD_DEFAULT, name) != NULL;
}

static bool has_version(const char *name)
{
	char version[256];
	int length =
	        snprintf(version, sizeof(version), TARGET_PREFIX "%s", name);

	return length < (int)sizeof(version) && program_has(version);
}

/* Only start files, which are not linked, and profilers define these. */
static bool is_start_file(const char *name)
{
	return strcmp(name, "__cxa_finalize") == 0 ||
	       strcmp(name, "__gmon_start__") == 0 ||
	       strncmp(name, "_ITM_", strlen("_ITM_")) == 0;
}

static int refuse_hook(struct judgement *judgement, const char *name)
{
	char place[PLACE_MAX];

	(void)find_use(judgement, name, place);
	complain(judgement->complaint, place,
	         "an access to memory of a kind that the explorer does not "
	         "know: %s",
	         name);
	complain_cure(judgement->complaint, "try another compiler");
	return -ENOTSUP;
}

static int refuse(struct judgement *judgement, const char *name)
{
	char place[PLACE_MAX];
	bool is_call = find_use(judgement, name, place);

	complain(judgement->complaint, place,
	         "%s %s, which the explorer cannot see into",
	         is_call ? "calls" : "uses", name);
	complain_cure(judgement->complaint,
	              "do without it, or define it in the same file");
	return -ENOTSUP;
}

static int judge_undefined(struct judgement *judgement, const char *name,
                           bool weak)
{
	if (is_hook(name))
		return program_has(name) ? 0 : refuse_hook(judgement, name);
	if (strcmp(name, TARGET_PREFIX "mfence") == 0 ||
	    (weak && is_start_file(name)))
		return 0;
	if (has_version(name)) {
		judgement->count++;
		(void)fprintf(judgement->renames, "%s " TARGET_PREFIX "%s\n",
		              name, name);
		return 0;
	}
	return pure_is(name) ? 0 : refuse(judgement, name);
}

static int judge_defined(struct judgement *judgement, const char *name)
{
	if (!is_hook(name) && !is_ours(name))
		return 0;
	complain(judgement->complaint, name,
	         "a name that the explorer keeps for itself");
	complain_cure(judgement->complaint, "choose another one");
	return -ENOTSUP;
}

/* --------------------------------------------------------------------------- */

static int judge_table(struct judgement *judgement, Elf *elf, Elf_Scn *section,
                       const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = header->sh_size / header->sh_entsize;
	int err = 0;

	for (size_t i = 1; i < count && !err; i++) {
		GElf_Sym symbol;
		const char *name;

		if (!gelf_getsym(data, (int)i, &symbol))
			return -EIO;
		name = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (!name)
			return -EIO;
		if (GELF_ST_BIND(symbol.st_info) == STB_LOCAL || !*name)
			continue;
		if (symbol.st_shndx == SHN_UNDEF)
			err = judge_undefined(judgement, name,
			                      GELF_ST_BIND(symbol.st_info) ==
			                              STB_WEAK);
		else
			err = judge_defined(judgement, name);
	}
	return err;
}

static int judge_object(struct judgement *judgement, Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section))) {
		if (gelf_getshdr(section, &header) &&
		    header.sh_type == SHT_SYMTAB && header.sh_entsize > 0)
			return judge_table(judgement, elf, section, &header);
	}
	return -EIO;
}

int symbols_judge(const char *object, const char *listing, size_t size,
                  FILE *renames, struct complaint *complaint)
{
	struct judgement judgement = { listing, size, renames, 0, complaint };
	Elf *elf;
	int fd, err;

	if (elf_version(EV_CURRENT) == EV_NONE)
		return -EIO;
	fd = open(object, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	elf = elf_begin(fd, ELF_C_READ, NULL);
	err = elf ? judge_object(&judgement, elf) : -EIO;
	(void)elf_end(elf);
	(void)close(fd);
	return err ? err : judgement.count;
}
