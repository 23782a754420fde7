#include "harness/base/complaint.h"

#include <stdarg.h>
#include <stdio.h>

void complain(struct complaint *complaint, const char *what, const char *why,
              ...)
{
	va_list args;

	(void)snprintf(complaint->what, sizeof(complaint->what), "%s",
	               what[0] ? what : "\"\"");
	va_start(args, why);
	(void)vsnprintf(complaint->why, sizeof(complaint->why), why, args);
	va_end(args);
	complaint->cure[0] = '\0';
}

void complain_cure(struct complaint *complaint, const char *cure, ...)
{
	va_list args;

	va_start(args, cure);
	(void)vsnprintf(complaint->cure, sizeof(complaint->cure), cure, args);
	va_end(args);
}
