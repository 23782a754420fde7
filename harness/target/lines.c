#include "harness/target/lines.h"

#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct lines {
	int fd;
	Dwarf *dwarf;
	GElf_Addr text; /* where the text begins, as the object counts */
};

/* As struct target takes it: the first segment that can be executed. */
static int find_text(Elf *elf, GElf_Addr *text)
{
	size_t count;
	GElf_Phdr header;

	if (!elf || elf_getphdrnum(elf, &count) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (gelf_getphdr(elf, (int)i, &header) &&
		    header.p_type == PT_LOAD && (header.p_flags & PF_X)) {
			*text = header.p_vaddr;
			return 0;
		}
	}
	return -1;
}

struct lines *lines_open(const char *object)
{
	struct lines *lines = calloc(1, sizeof(*lines));

	if (!lines)
		return NULL;
	lines->fd = open(object, O_RDONLY | O_CLOEXEC);
	if (lines->fd >= 0)
		lines->dwarf = dwarf_begin(lines->fd, DWARF_C_READ);
	if (!lines->dwarf ||
	    find_text(dwarf_getelf(lines->dwarf), &lines->text) < 0) {
		lines_close(lines);
		return NULL;
	}
	return lines;
}

void lines_close(struct lines *lines)
{
	if (!lines)
		return;
	(void)dwarf_end(lines->dwarf);
	if (lines->fd >= 0)
		(void)close(lines->fd);
	free(lines);
}

/*
 * The row of the line table, which is the innermost function's. Not by
 * dwarf_addrdie(): it needs an index of addresses, which clang does not write.
 */
static Dwarf_Line *find_line(Dwarf *dwarf, Dwarf_Addr address)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;

	while (dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) ==
	       0) {
		Dwarf_Line *line = dwarf_getsrc_die(&die, address);

		if (line)
			return line;
	}
	return NULL;
}

const char *lines_of(struct lines *lines, size_t offset, char *text,
                     size_t size)
{
	Dwarf_Line *line = NULL;
	const char *path, *slash;
	int number;

	(void)snprintf(text, size, "?");
	if (lines && offset > 0)
		line = find_line(lines->dwarf, lines->text + offset - 1);
	if (!line || dwarf_lineno(line, &number) < 0 || number <= 0)
		return text;
	path = dwarf_linesrc(line, NULL, NULL);
	if (!path)
		return text;
	slash = strrchr(path, '/');
	(void)snprintf(text, size, "%s:%d", slash ? slash + 1 : path, number);
	return text;
}
