/* The model of futex(2), held against the kernel. */
#include <criterion/criterion.h>
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "twin.h"

enum { SEQUENCES = 120 };

FRONT(syscall);

enum {
	STORE, /* word, value */
	WAIT,  /* word, value, flags, timed */
	WAKE,  /* word, count, flags */
	WAIT_BITS,
	WAKE_BITS,
};

static ON_FIBER int64_t do_futex(struct twin_side *side,
                                 const struct twin_command *command)
{
	static const struct timespec over = { 0 };
	static const int operations[] = {
		[WAIT] = FUTEX_WAIT,
		[WAKE] = FUTEX_WAKE,
		[WAIT_BITS] = FUTEX_WAIT_BITSET,
		[WAKE_BITS] = FUTEX_WAKE_BITSET,
	};
	const int *args = command->args;

	return TWIN(side, syscall)(SYS_futex, &side->words[args[0]],
	                           operations[command->what] | args[2], args[1],
	                           args[3] ? &over : NULL, NULL,
	                           FUTEX_BITSET_MATCH_ANY);
}

static ON_FIBER void act(struct twin_side *side,
                         const struct twin_command *command,
                         struct twin_reply *reply)
{
	int64_t result = 0;

	if (command->what == STORE)
		side->words[command->args[0]] = (uint32_t)command->args[1];
	else
		result = do_futex(side, command);
	twin_answer(reply, result, errno);
}

static int below(struct random *random, unsigned limit)
{
	return (int)random_below(random, limit);
}

static void draw(struct random *random, unsigned worker,
                 struct twin_command *command)
{
	static const int often[] = {
		STORE, WAIT, WAIT, WAIT, WAIT_BITS, WAKE, WAKE, WAKE_BITS,
	};
	static const int counts[] = { -1, 0, 1, 1, 2, INT_MAX };

	(void)worker;
	command->what =
	        often[random_below(random, sizeof(often) / sizeof(int))];
	command->args[0] = below(random, 2);
	command->args[1] = below(random, 4) == 0;
	command->args[2] = below(random, 10) ? 0 : FUTEX_PRIVATE_FLAG;
	if (command->what == WAKE || command->what == WAKE_BITS)
		command->args[1] = counts[random_below(random, 6)];
	else if (command->what != STORE)
		command->args[3] = below(random, 8) == 0;
	command->prompt = command->args[3];
}

Test(model_futex, does_what_the_kernel_does, .timeout = 120)
{
	static const struct twin_test test = { .act = act, .draw = draw };
	const char *what = twin_compare(&test, SEQUENCES);

	cr_assert_null(what, "%s", what);
}
