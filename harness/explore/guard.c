#include "harness/explore/guard.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>

#include "harness/base/text.h"
#include "harness/explore/hooks.h"
#include "harness/explore/machine.h"

enum {
	TICK_US = 100000,
	TICKS_MAX = 10, /* of processor time without a step */
	STACK_BYTES = 64 << 10,
};

static const int crashes[] = { SIGSEGV, SIGBUS,  SIGFPE, SIGILL,
	                       SIGABRT, SIGTRAP, SIGSYS };

enum { CRASHES = sizeof(crashes) / sizeof(crashes[0]) };

static const struct machine *watched;
static unsigned char stack[STACK_BYTES];
static struct sigaction before[CRASHES], before_tick;

/* Where the explored code was: not known if that was inside a library. */
static const void *where(const void *context)
{
	const struct target *target = watched->target;
	uintptr_t pc = 0;

#if defined(__x86_64__)
	pc = (uintptr_t)((const ucontext_t *)context)
	             ->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	pc = (uintptr_t)((const ucontext_t *)context)->uc_mcontext.pc;
#endif
	if (pc - (uintptr_t)target->text >= target->text_bytes)
		return hooks.self->now.op.pc;
	/* As if it were a return address. */
	return target->text + (pc + 1 - (uintptr_t)target->text);
}

/*
 * Leaves the handler's stack for good. That is what siglongjmp(3) does, too; the
 * signal is not blocked meanwhile, because of SA_NODEFER.
 */
static HOOK void on_crash(int signal, siginfo_t *info, void *context)
{
	(void)info;
	if (!hooks.self) {
		struct sigaction act = { .sa_handler = SIG_DFL };

		(void)sigaction(signal, &act, NULL);
		(void)raise(signal);
		return;
	}
	hooks_stop(STOP_CRASH, signal, where(context), "%s",
	           text_signal(signal));
}

static HOOK void on_tick(int signal, siginfo_t *info, void *context)
{
	static uint64_t seen;
	static unsigned ticks;

	(void)signal;
	(void)info;
	if (!hooks.self || watched->steps != seen) {
		seen = watched->steps;
		ticks = 0;
		return;
	}
	if (++ticks >= TICKS_MAX)
		hooks_stop(STOP_HANG, 0, where(context),
		           "it runs on without touching shared memory");
}

int guard_watch_time(void)
{
	struct itimerval tick = { { 0, TICK_US }, { 0, TICK_US } };

	return setitimer(ITIMER_VIRTUAL, &tick, NULL) < 0 ? -errno : 0;
}

int guard_set(const struct machine *machine)
{
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction act = { .sa_sigaction = on_crash,
		                 .sa_flags =
		                         SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

	watched = machine;
	if (sigaltstack(&alternate, NULL) < 0)
		return -errno;
	for (size_t i = 0; i < CRASHES; i++) {
		if (sigaction(crashes[i], &act, &before[i]) < 0)
			return -errno;
	}
	act.sa_sigaction = on_tick;
	act.sa_flags |= SA_RESTART;
	if (sigaction(SIGVTALRM, &act, &before_tick) < 0)
		return -errno;
	return guard_watch_time();
}

void guard_clear(void)
{
	struct itimerval off = { { 0, 0 }, { 0, 0 } };

	if (!watched)
		return;
	/* None of these can fail: they were accepted before. */
	(void)setitimer(ITIMER_VIRTUAL, &off, NULL);
	for (size_t i = 0; i < CRASHES; i++)
		(void)sigaction(crashes[i], &before[i], NULL);
	(void)sigaction(SIGVTALRM, &before_tick, NULL);
	watched = NULL;
}
