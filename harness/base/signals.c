#include "harness/base/signals.h"

#include <errno.h>
#include <sys/signalfd.h>
#include <unistd.h>

int signals_hold(struct signals *signals)
{
	sigset_t set;

	*signals = (struct signals){ .fd = -1 };
	(void)sigemptyset(&set); /* these fail only for a bad number */
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, &signals->before) < 0)
		return -errno;
	signals->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals->fd < 0) {
		int err = -errno;

		(void)sigprocmask(SIG_SETMASK, &signals->before, NULL);
		return err;
	}
	return 0;
}

void signals_take(struct signals *signals)
{
	struct signalfd_siginfo info;

	if (signals->caught || signals->fd < 0 ||
	    read(signals->fd, &info, sizeof(info)) != sizeof(info))
		return;
	signals->caught = (int)info.ssi_signo;
	(void)sigprocmask(SIG_SETMASK, &signals->before, NULL);
}

void signals_release(struct signals *signals)
{
	if (signals->fd < 0)
		return;
	(void)close(signals->fd);
	signals->fd = -1;
	(void)sigprocmask(SIG_SETMASK, &signals->before, NULL);
}
