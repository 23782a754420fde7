/* How fast the explorer is, beside the figures that it is to reach. */
#ifndef TESTS_BENCH_EXPLORE_H
#define TESTS_BENCH_EXPLORE_H

/* Measures and prints a table. Returns the exit status of bench. */
int bench_explore(void);

#endif
