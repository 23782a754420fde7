/* For the Makefile, and not listed: a strategy compiled as the explorer does. */
#include <stdio.h>

#include "harness/cmd/cmd.h"
#include "harness/target/target.h"

int cmd_compile(int argc, char **argv)
{
	struct complaint complaint = { 0 };

	if (argc != 3 && argc != 4) {
		complain(&complaint, "compile", "SOURCE OUTPUT [COMPILER]");
		return say_complaint(&complaint, STATUS_USAGE);
	}
	if (target_compile(argv[1], argc == 4 ? argv[3] : NULL, argv[2],
	                   &complaint) < 0)
		return say_complaint(&complaint, STATUS_USAGE);
	return STATUS_OK;
}
