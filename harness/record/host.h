/* The machine as a record has it: what is needed to distrust its numbers. */
#ifndef HARNESS_RECORD_HOST_H
#define HARNESS_RECORD_HOST_H

#include <jansson.h>

#include "harness/base/cpus.h"

struct host {
	char name[65], kernel[66], machine[66];
	char cpu_model[128], libc[64], clock_source[32];
	const char
	        *virtualization; /* "none", "docker", "virtual machine" ... */
	unsigned cpus_allowed, cpus_online;
	double quota;       /* in CPUs; 0: none */
	double parallelism; /* measured, by whoever fills it in; 0: not */
	double timer_ns;    /* the same */
	double load;        /* of the last minute */
	double pressure; /* percent of the last 10 s that some task waited for a
			    CPU (PSI); -1: the kernel does not tell */
};

/* Looks at the machine now. What cannot be found stays empty. */
void host_probe(struct host *host);

/* A new reference, or NULL. */
json_t *host_json(const struct host *host);

#endif
