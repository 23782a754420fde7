/* The outcome on standard output, at most 80 columns wide. */
#ifndef TESTS_BENCH_TABLE_H
#define TESTS_BENCH_TABLE_H

#include "tests/bench/contest.h"

void table_head(void);
void table_row(const struct contest *contest,
               const struct contest_standing *standing);
void table_foot(void);

#endif
