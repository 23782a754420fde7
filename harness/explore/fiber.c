#include "harness/explore/fiber.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

struct transfer {
	void *from;
	void *data;
};

/* Declared in a C++ header; the ABI is C's. */
struct transfer jump_fcontext(void *to, void *data);
void *make_fcontext(void *stack_end, size_t bytes,
                    void (*body)(struct transfer));

/* Where fiber_leave() goes back to. */
static void *resumer;

/* FIBERS[index], which stands in an array of larger things. */
static struct fiber *fiber_at(struct fiber *fibers, size_t stride,
                              unsigned index)
{
	return (struct fiber *)(void *)((unsigned char *)fibers +
	                                stride * index);
}

int fiber_map(struct fiber *fibers, size_t stride, unsigned count, size_t bytes,
              unsigned char **memory, size_t *span)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *map;

	bytes = (bytes + page - 1) / page * page;
	*span = (page + bytes) * count;
	map = mmap(NULL, *span, PROT_READ | PROT_WRITE,
	           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED)
		return -errno;
	*memory = map;
	for (unsigned i = 0; i < count; i++) {
		unsigned char *guard = *memory + (page + bytes) * i;

		(void)mprotect(guard, page, PROT_NONE); /* or there is none */
		*fiber_at(fibers, stride, i) =
		        (struct fiber){ .stack = guard + page, .bytes = bytes };
	}
	return 0;
}

void fiber_unmap(unsigned char *memory, size_t span)
{
	if (memory) /* it was mapped */
		(void)munmap(memory, span);
}

static __attribute__((no_sanitize("address"))) void enter(
        struct transfer transfer)
{
	const struct fiber *fiber = transfer.data;

	resumer = transfer.from;
	fiber->body();
}

void fiber_start(struct fiber *fiber, void (*body)(void))
{
	fiber->top =
	        make_fcontext(fiber->stack + fiber->bytes, fiber->bytes, enter);
	fiber->body = body;
}

void fiber_resume(struct fiber *fiber)
{
	struct transfer back = jump_fcontext(fiber->top, fiber);

	fiber->top = back.from;
}

__attribute__((no_sanitize("address"))) void fiber_leave(void)
{
	resumer = jump_fcontext(resumer, NULL).from;
}
