#include "harness/record/host.h"

#include <gnu/libc-version.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "harness/base/build.h"
#include "harness/base/text.h"

/* What follows KEY and a colon in a file of "key : value" lines. */
static void read_value(const char *path, const char *key, char *value,
                       size_t size)
{
	FILE *file = fopen(path, "re");
	char line[4096]; /* the flags of a CPU take more, and are skipped */

	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		char *colon = strchr(line, ':');

		if (strncmp(line, key, strlen(key)) != 0 || !colon)
			continue;
		colon += strspn(colon, ": \t");
		colon[strcspn(colon, "\n")] = '\0';
		(void)snprintf(value, size, "%s", colon);
		break;
	}
	(void)fclose(file); /* only read from */
}

static void probe_system(struct host *host)
{
	struct utsname name;

	if (uname(&name) < 0)
		return;
	(void)snprintf(host->name, sizeof(host->name), "%s", name.nodename);
	(void)snprintf(host->kernel, sizeof(host->kernel), "%s", name.release);
	(void)snprintf(host->machine, sizeof(host->machine), "%s",
	               name.machine);
	(void)snprintf(host->libc, sizeof(host->libc), "glibc %s",
	               gnu_get_libc_version());
}

/* A line of a thousand flags; "hypervisor" is set by every virtual machine. */
static bool has_hypervisor(void)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	if (!file)
		return false;
	while (!found && getline(&line, &size, file) > 0)
		found = strncmp(line, "flags", 5) == 0 &&
		        strstr(line, " hypervisor");
	free(line);
	(void)fclose(file); /* only read from */
	return found;
}

/* Containers first: they hide the machine below. */
static const char *virtualization(void)
{
	char kernel[256] = "";

	if (access("/.dockerenv", F_OK) == 0)
		return "docker";
	if (access("/run/.containerenv", F_OK) == 0)
		return "podman";
	(void)text_first_line("/proc/sys/kernel/osrelease", kernel,
	                      sizeof(kernel));
	if (strcasestr(kernel, "microsoft"))
		return "wsl";
	return has_hypervisor() ? "virtual machine" : "none";
}

static void probe_cpus(struct host *host)
{
	struct cpus *cpus = malloc(sizeof(*cpus));
	long online = sysconf(_SC_NPROCESSORS_ONLN);

	if (cpus && cpus_allowed(cpus) == 0)
		host->cpus_allowed = cpus->count;
	free(cpus);
	host->cpus_online = online > 0 ? (unsigned)online : 0;
	host->quota = cpus_quota();
	host->virtualization = virtualization();
	read_value("/proc/cpuinfo", "model name", host->cpu_model,
	           sizeof(host->cpu_model));
	/* ARM names no model, only numbers for the maker and the part. */
	if (!host->cpu_model[0])
		read_value("/proc/cpuinfo", "CPU part", host->cpu_model,
		           sizeof(host->cpu_model));
	(void)text_first_line("/sys/devices/system/clocksource/clocksource0/"
	                      "current_clocksource",
	                      host->clock_source, sizeof(host->clock_source));
}

static void probe_noise(struct host *host)
{
	char text[256];

	host->pressure = -1;
	if (text_first_line("/proc/loadavg", text, sizeof(text)) == 0)
		(void)sscanf(text, "%lf", &host->load);
	if (text_first_line("/proc/pressure/cpu", text, sizeof(text)) == 0)
		(void)sscanf(text, "some avg10=%lf", &host->pressure);
}

void host_probe(struct host *host)
{
	*host = (struct host){ 0 };
	probe_system(host);
	probe_cpus(host);
	probe_noise(host);
}

/* 0 or less stands for what is not known or not there. */
static json_t *positive(double value)
{
	return value > 0 ? json_real(value) : json_null();
}

json_t *host_json(const struct host *host)
{
	return json_pack(
	        "{s:s, s:s, s:i, s:i, s:o, s:o, s:s, s:s, s:s, s:s,"
	        " s:s, s:s, s:s, s:s, s:s, s:f, s:o, s:o}",
	        "name", host->name, "cpu_model", host->cpu_model,
	        "cpus_allowed", (int)host->cpus_allowed, "cpus_online",
	        (int)host->cpus_online, "effective_parallelism",
	        positive(host->parallelism), "cgroup_quota_cpus",
	        positive(host->quota), "kernel", host->kernel, "machine",
	        host->machine, "libc", host->libc, "compiler",
	        build_info.compiler, "flags", build_info.cflags, "revision",
	        build_info.revision, "version", build_info.version,
	        "virtualization", host->virtualization, "clock_source",
	        host->clock_source, "load_1min", host->load,
	        "cpu_pressure_percent",
	        host->pressure < 0 ? json_null() : json_real(host->pressure),
	        "timer_ns", positive(host->timer_ns));
}
