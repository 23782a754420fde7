/*
 * Functions that read or write memory on the program's behalf. Copies step
 * through shared memory word by word, as a copy of no particular order would be
 * seen; the others are for private memory.
 */
#include <string.h>

#include "harness/explore/hooks.h"
#include "harness/explore/model/model.h"

#define CALLER __builtin_return_address(0)

static HOOK bool any_shared(const void *memory, size_t bytes)
{
	return model_is_shared(memory) ||
	       (bytes &&
	        model_is_shared((const unsigned char *)memory + bytes - 1));
}

static HOOK void insist_private(const char *what, const void *memory,
                                const void *pc)
{
	if (hooks.bytes && model_is_shared(memory))
		model_refuse(what, pc);
}

void *explored_memcpy(void *to, const void *from, size_t bytes);
MODEL_FRONT void *explored_memcpy(void *to, const void *from, size_t bytes)
{
	if (any_shared(to, bytes) || any_shared(from, bytes))
		model_copy(to, from, bytes, CALLER);
	else
		__builtin_memcpy(to, from, bytes);
	return to;
}

void *explored_memmove(void *to, const void *from, size_t bytes);
MODEL_FRONT void *explored_memmove(void *to, const void *from, size_t bytes)
{
	if (!any_shared(to, bytes) && !any_shared(from, bytes))
		return __builtin_memmove(to, from, bytes);
	if ((uintptr_t)to - (uintptr_t)from < bytes && to != from)
		model_refuse("memmove to an overlapping place behind, in "
		             "shared memory",
		             CALLER);
	model_copy(to, from, bytes, CALLER);
	return to;
}

void *explored_memset(void *to, int value, size_t bytes);
MODEL_FRONT void *explored_memset(void *to, int value, size_t bytes)
{
	unsigned char *at = to, word[8];

	if (!any_shared(to, bytes))
		return __builtin_memset(to, value, bytes);
	__builtin_memset(word, value, sizeof(word));
	while (bytes) {
		size_t size = sizeof(word);

		while (size > bytes || (uintptr_t)at % size)
			size /= 2;
		model_copy(at, word, size, CALLER);
		at += size;
		bytes -= size;
	}
	return to;
}

#define ON_PRIVATE(type, name, parameters, arguments, memory)              \
	type explored_##name parameters;                                   \
	MODEL_FRONT type explored_##name parameters                        \
	{                                                                  \
		insist_private(#name " on shared memory", memory, CALLER); \
		return name arguments;                                     \
	}

#define ON_TWO(type, name, parameters, arguments, memory, other)           \
	type explored_##name parameters;                                   \
	MODEL_FRONT type explored_##name parameters                        \
	{                                                                  \
		insist_private(#name " on shared memory", memory, CALLER); \
		insist_private(#name " on shared memory", other, CALLER);  \
		return name arguments;                                     \
	}

ON_PRIVATE(size_t, strlen, (const char *text), (text), text)
ON_PRIVATE(char *, strchr, (const char *text, int c), (text, c), text)
ON_TWO(int, strcmp, (const char *a, const char *b), (a, b), a, b)
ON_TWO(int, strncmp, (const char *a, const char *b, size_t most), (a, b, most),
       a, b)
ON_TWO(int, memcmp, (const void *a, const void *b, size_t bytes), (a, b, bytes),
       a, b)
/* NOLINTBEGIN(clang-analyzer-security.*): what the target does is its own */
ON_TWO(char *, strcpy, (char *to, const char *from), (to, from), to, from)
ON_TWO(char *, strncpy, (char *to, const char *from, size_t most),
       (to, from, most), to, from)
ON_TWO(char *, strcat, (char *to, const char *from), (to, from), to, from)
/* NOLINTEND(clang-analyzer-security.*) */
