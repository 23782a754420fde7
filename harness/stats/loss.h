/* How many updates should be lost, by a simple model of two clocks. */
#ifndef HARNESS_STATS_LOSS_H
#define HARNESS_STATS_LOSS_H

/*
 * The share of updates that are lost where WORKERS, each on a processor of its
 * own, go through a window of WINDOW_NS between load and store and then do
 * something else for THINK_NS.
 *
 * An update is lost when somebody else is between its own load and store at
 * that moment. Each of the others is, with probability window / (window +
 * think), if they do not wait for each other; so it is lost with probability
 * 1 - (1 - that)^(workers - 1), and at most 1 - 1/workers, for of as many
 * overlapping updates one survives. NAN where both times are 0.
 */
double loss_predicted(unsigned workers, double window_ns, double think_ns);

#endif
