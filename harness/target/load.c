#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/target/target.h"

/* What the file tells before it is loaded; addresses as it counts them. */
struct outline {
	GElf_Addr text, text_end;
	GElf_Addr data, data_end; /* both 0 where there is none */
	char symbol[80];          /* the only one of a strategy or program */
	char other[80];           /* one more, or empty */
};

/* --- segments ------------------------------------------------------------- */

/*
 * What the loader makes read-only after it has filled in addresses is not data:
 * tables of constants, which stand before it in the same segment.
 */
static void add_data(struct outline *outline, GElf_Phdr load,
                     const GElf_Phdr *relro)
{
	GElf_Addr begin = load.p_vaddr;
	GElf_Addr end = load.p_vaddr + load.p_memsz;

	if (relro->p_vaddr <= begin && relro->p_vaddr + relro->p_memsz > begin)
		begin = relro->p_vaddr + relro->p_memsz;
	if (begin >= end)
		return;
	if (outline->data == 0 || begin < outline->data)
		outline->data = begin;
	if (end > outline->data_end)
		outline->data_end = end;
}

static int read_segments(struct outline *outline, Elf *elf)
{
	GElf_Phdr header, relro = { .p_memsz = 0 };
	size_t count;

	if (elf_getphdrnum(elf, &count) < 0)
		return -EINVAL;
	for (size_t i = 0; i < count; i++) {
		if (gelf_getphdr(elf, (int)i, &header) &&
		    header.p_type == PT_GNU_RELRO)
			relro = header;
	}
	for (size_t i = 0; i < count; i++) {
		if (!gelf_getphdr(elf, (int)i, &header) ||
		    header.p_type != PT_LOAD)
			continue;
		if (header.p_flags & PF_W)
			add_data(outline, header, &relro);
		if ((header.p_flags & PF_X) && outline->text_end == 0) {
			outline->text = header.p_vaddr;
			outline->text_end = header.p_vaddr + header.p_memsz;
		}
	}
	return 0;
}

/* --- symbols -------------------------------------------------------------- */

static bool is_strategy(const char *symbol)
{
	return strncmp(symbol, "sync_", strlen("sync_")) == 0;
}

/* By the size, too: a file may name anything sync_. */
static bool is_target(const char *name, const GElf_Sym *symbol)
{
	if (symbol->st_shndx == SHN_UNDEF ||
	    GELF_ST_BIND(symbol->st_info) == STB_LOCAL ||
	    GELF_ST_TYPE(symbol->st_info) != STT_OBJECT)
		return false;
	if (is_strategy(name))
		return symbol->st_size == sizeof(struct sync_strategy);
	return strncmp(name, "racelab_", strlen("racelab_")) == 0 &&
	       symbol->st_size == sizeof(struct program);
}

static void read_table(struct outline *outline, Elf *elf, Elf_Scn *section,
                       const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = header->sh_size / header->sh_entsize;

	for (size_t i = 1; i < count; i++) {
		GElf_Sym symbol;
		const char *name;
		char *room =
		        outline->symbol[0] ? outline->other : outline->symbol;

		if (!gelf_getsym(data, (int)i, &symbol))
			return;
		name = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (name && is_target(name, &symbol))
			(void)snprintf(room, sizeof(outline->symbol), "%s",
			               name);
	}
}

static void read_symbols(struct outline *outline, Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section))) {
		if (gelf_getshdr(section, &header) &&
		    header.sh_type == SHT_DYNSYM && header.sh_entsize > 0)
			read_table(outline, elf, section, &header);
	}
}

static int read_outline(struct outline *outline, const char *object)
{
	Elf *elf;
	int fd, err;

	*outline = (struct outline){ .text = 0 };
	if (elf_version(EV_CURRENT) == EV_NONE)
		return -EIO;
	fd = open(object, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	elf = elf_begin(fd, ELF_C_READ, NULL);
	err = elf ? read_segments(outline, elf) : -EINVAL;
	if (!err)
		read_symbols(outline, elf);
	(void)elf_end(elf);
	(void)close(fd);
	return err;
}

/* --- what it has ---------------------------------------------------------- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int need_one_symbol(const struct outline *outline, const char *object,
                           struct complaint *complaint)
{
	if (!outline->symbol[0]) {
		complain(complaint, base_name(object),
		         "there is no strategy and no program in it");
		complain_cure(complaint, "end the file with "
		                         "SYNC_STRATEGY(name) = { ... }; or "
		                         "PROGRAM(name) = { ... };");
		return -EINVAL;
	}
	if (outline->other[0]) {
		complain(complaint, base_name(object),
		         "there is more than one in it: %s and %s",
		         outline->symbol, outline->other);
		complain_cure(complaint, "keep one SYNC_STRATEGY or PROGRAM");
		return -EINVAL;
	}
	return 0;
}

static const char *flaw_of_program(const struct program *program)
{
	if (!program->worker)
		return "it has no worker";
	return program->check ? NULL : "it has no check";
}

static const char *flaw_of_strategy(const struct sync_strategy *strategy)
{
	const struct sync_ops *ops = strategy->ops;

	if (!ops || !strategy->loop || !strategy->name)
		return "it was not made with SYNC_STRATEGY";
	if (ops->add)
		return NULL;
	if (!ops->lock && !ops->unlock)
		return "it has neither add nor lock and unlock";
	if (!ops->lock)
		return "it has unlock, but no lock";
	return ops->unlock ? NULL : "it has lock, but no unlock";
}

static int fill(struct target *target, const struct outline *outline,
                struct complaint *complaint)
{
	const void *found = dlsym(target->handle, outline->symbol);
	const char *flaw;
	struct link_map *map;

	if (!found || dlinfo(target->handle, RTLD_DI_LINKMAP, &map) < 0) {
		complain(complaint, outline->symbol, "%s", dlerror());
		return -EINVAL;
	}
	(void)snprintf(target->name, sizeof(target->name), "%s",
	               strchr(outline->symbol, '_') + 1);
	/* NOLINTBEGIN(performance-no-int-to-ptr): l_addr is what is added to the
	   addresses in the file, and none is a pointer before */
	target->text = (const unsigned char *)(map->l_addr + outline->text);
	target->text_bytes = outline->text_end - outline->text;
	target->data_bytes = outline->data_end - outline->data;
	if (target->data_bytes > 0)
		target->data = (void *)(map->l_addr + outline->data);
	/* NOLINTEND(performance-no-int-to-ptr) */
	if (is_strategy(outline->symbol))
		target->strategy = found;
	else
		target->program = found;
	flaw = target->strategy ? flaw_of_strategy(target->strategy)
	                        : flaw_of_program(target->program);
	if (flaw)
		complain(complaint, target->name, "%s", flaw);
	return flaw ? -EINVAL : 0;
}

/* --------------------------------------------------------------------------- */

static int open_object(struct target *target, const char *object,
                       struct complaint *complaint)
{
	/* A bare name would be searched for where libraries are. */
	char *path = realpath(object, NULL);

	if (path)
		target->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	free(path);
	if (target->handle)
		return 0;
	complain(complaint, base_name(object), "it cannot be loaded: %s",
	         path ? dlerror() : strerror(errno));
	return -EINVAL;
}

int target_load(struct target *target, const char *object,
                struct complaint *complaint)
{
	struct outline outline;
	int err = read_outline(&outline, object);

	*target = (struct target){ .handle = NULL };
	if (err) {
		complain(complaint, base_name(object), "it cannot be read: %s",
		         err == -EINVAL ? "no shared object" : strerror(-err));
		return err;
	}
	err = need_one_symbol(&outline, object, complaint);
	if (!err)
		err = open_object(target, object, complaint);
	if (!err)
		err = fill(target, &outline, complaint);
	if (err)
		target_unload(target);
	return err;
}

void target_unload(struct target *target)
{
	if (target->handle)
		(void)dlclose(target->handle);
	*target = (struct target){ .handle = NULL };
}
