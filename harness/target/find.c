#include "harness/target/find.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/target/target.h"

/* The folder of the running program, wherever it was moved to. */
static int program_folder(char folder[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", folder, PATH_MAX - 1);
	char *slash;

	if (length < 0)
		return -ENOENT;
	folder[length] = '\0';
	slash = strrchr(folder, '/');
	if (!slash)
		return -ENOENT;
	*slash = '\0';
	return 0;
}

static bool is_there(const char *path, size_t length, size_t size)
{
	return length < size && access(path, R_OK) == 0;
}

/* An empty object stands for a strategy that could not be compiled. */
static bool is_full(const char *path, size_t length, size_t size)
{
	struct stat status;

	return length < size && stat(path, &status) == 0 && status.st_size > 0;
}

int find_folder(const char *name, char *path, size_t size)
{
	static const char *const places[] = { "lib/racelab", "../lib/racelab" };
	char folder[PATH_MAX];

	if (program_folder(folder) < 0)
		return -ENOENT;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int length = snprintf(path, size, "%s/%s/%s", folder, places[i],
		                      name);

		if (is_there(path, (size_t)length, size))
			return 0;
	}
	return -ENOENT;
}

/* What the registry takes for one: no way leads out of the folder. */
static bool is_strategy_name(const char *name)
{
	if (!islower((unsigned char)*name))
		return false;
	while (islower((unsigned char)*name) || isdigit((unsigned char)*name) ||
	       *name == '_')
		name++;
	return *name == '\0';
}

int target_find(const char *name, bool source, char *path, size_t size)
{
	size_t folder_length;
	int length;

	if (!name)
		return source ? find_folder("include", path, size) : -ENOENT;
	if (!is_strategy_name(name) ||
	    find_folder(source ? "sync" : "explored", path, size) < 0)
		return -ENOENT;
	folder_length = strlen(path);
	length = snprintf(path + folder_length, size - folder_length, "/%s%s",
	                  name, source ? ".c" : ".so");
	return is_full(path, folder_length + (size_t)length, size) ? 0
	                                                           : -ENOENT;
}
