#include "tests/bench/table.h"

#include <stdio.h>

#include "harness/base/build.h"
#include "harness/base/text.h"

void table_head(void)
{
	(void)printf("racelab %s, %s\nwith %s\n\n", build_info.version,
	             build_info.compiler, build_info.cflags);
	(void)puts("                          harness  by hand\n"
	           "strategy          workers      ns       ns  ratio  95 % "
	           "interval  most rounds  verdict");
}

static const char *verdict_text(char *text, size_t size,
                                const struct contest_standing *standing)
{
	if (standing->verdict == VERDICT_OK)
		(void)snprintf(text, size, "ok");
	else if (standing->verdict == VERDICT_SLOW)
		(void)snprintf(text, size, "SLOW");
	else
		(void)snprintf(text, size, "~ +%zu", standing->more);
	return text;
}

void table_row(const struct contest *contest,
               const struct contest_standing *standing)
{
	char harness[TEXT_SHORT], floor[TEXT_SHORT], interval[32], verdict[32];
	const struct summary *ratio = &standing->ratio;

	if (contest->impossible || contest->count == 0) {
		(void)printf("%-17s %7u  %s\n", contest->name, contest->workers,
		             contest->impossible ? "not on this machine"
		                                 : "no time left for it");
		return;
	}
	(void)snprintf(interval, sizeof(interval), "%.3f..%.3f", ratio->low,
	               ratio->high);
	(void)printf("%-17s %7u %7s %8s %6.3f  %-13s %5.2f %6zu  %s\n",
	             contest->name, contest->workers,
	             text_short(harness, standing->harness),
	             text_short(floor, standing->floor), ratio->median,
	             ratio->interval ? interval : "-", contest->limit,
	             contest->count,
	             verdict_text(verdict, sizeof(verdict), standing));
}

void table_foot(void)
{
	(void)puts(
	        "\n"
	        "ns: of an increment, all workers together; of start+reap, of a "
	        "worker, from\n"
	        "before the first fork to after the last wait. ratio: harness "
	        "over by hand, the\n"
	        "median of rounds. ok: the interval ends at or below \"most\". "
	        "SLOW: it begins\n"
	        "above. ~ +N: too wide to tell, N rounds more might do.");
}
