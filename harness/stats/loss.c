#include "harness/stats/loss.h"

#include <math.h>

double loss_predicted(unsigned workers, double window_ns, double think_ns)
{
	double inside = window_ns / (window_ns + think_ns);

	if (!isfinite(inside))
		return NAN;
	return fmin(1 - pow(1 - inside, workers - 1.0), 1 - 1.0 / workers);
}
