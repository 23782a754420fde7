/* What this program was built from and with. Written by the Makefile. */
#ifndef HARNESS_BASE_BUILD_H
#define HARNESS_BASE_BUILD_H

struct build_info {
	const char *version;
	const char *revision; /* of git, "-dirty" with changes; "" if unknown */
	const char *compiler; /* the first line of its --version */
	const char *cflags;
	const char *prefix; /* where `make install` puts it */
};

extern const struct build_info build_info;

#endif
