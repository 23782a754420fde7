/*
 * Output is swallowed: in an exploration there would be as much of it as there
 * are executions. Writing into memory is done.
 */
#include <stdarg.h>
#include <stdio.h>

#include "harness/explore/hooks.h"
#include "harness/explore/model/model.h"

extern FILE *explored_stdout, *explored_stderr, *explored_stdin;
FILE *explored_stdout, *explored_stderr, *explored_stdin;

int explored_printf(const char *format, ...);
MODEL_FRONT int explored_printf(const char *format, ...)
{
	(void)format;
	return 0;
}

int explored_fprintf(FILE *out, const char *format, ...);
MODEL_FRONT int explored_fprintf(FILE *out, const char *format, ...)
{
	(void)out;
	(void)format;
	return 0;
}

int explored_dprintf(int fd, const char *format, ...);
MODEL_FRONT int explored_dprintf(int fd, const char *format, ...)
{
	(void)fd;
	(void)format;
	return 0;
}

int explored_puts(const char *text);
MODEL_FRONT int explored_puts(const char *text)
{
	(void)text;
	return 1;
}

int explored_fputs(const char *text, FILE *out);
MODEL_FRONT int explored_fputs(const char *text, FILE *out)
{
	(void)text;
	(void)out;
	return 1;
}

int explored_putchar(int c);
MODEL_FRONT int explored_putchar(int c)
{
	return c;
}

int explored_fputc(int c, FILE *out);
MODEL_FRONT int explored_fputc(int c, FILE *out)
{
	(void)out;
	return c;
}

size_t explored_fwrite(const void *from, size_t bytes, size_t count, FILE *out);
MODEL_FRONT size_t explored_fwrite(const void *from, size_t bytes, size_t count,
                                   FILE *out)
{
	(void)from;
	(void)bytes;
	(void)out;
	return count;
}

int explored_fflush(FILE *out);
MODEL_FRONT int explored_fflush(FILE *out)
{
	(void)out;
	return 0;
}

void explored_perror(const char *what);
MODEL_FRONT void explored_perror(const char *what)
{
	(void)what;
}

int explored_snprintf(char *to, size_t size, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
MODEL_FRONT int explored_snprintf(char *to, size_t size, const char *format,
                                  ...)
{
	va_list list;
	int length;

	if (hooks.bytes && model_is_shared(to))
		model_refuse("snprintf into shared memory",
		             __builtin_return_address(0));
	va_start(list, format);
	length = vsnprintf(to, size, format, list);
	va_end(list);
	return length;
}
