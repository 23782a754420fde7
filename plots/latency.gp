# The times of single increments: a row per strategy, a mark per percentile.
# gnuplot -d -c latency.gp DATA.csv OUT svg|png|dumb HEAD FOOT
# Columns: strategy,permille,ns,low,high,trials

data = ARG1; out = ARG2; kind = ARG3; head = ARG4; foot = ARG5
here = ARG0[1:strlen(ARG0) - strlen("latency.gp")]
load here."style.gp"

# Ranked by p99.9: the longest of all is often somebody else's.
stats data skip 1 using (keep(strategy(0), $2 < 1000 ? $2 : 0, $3)) nooutput
do for [i = 1:S] { weight[i] = last[i] }
do for [i = 1:S] { row[i] = rank(i) }
stats data skip 1 using 3 name "NS" nooutput

heading = "Time of one increment"
remark = "The shortest tail on top; half of all increments are faster than p50, ".\
	"one in a thousand is slower than p99.9."
entries = K
pixels = larger(720, 220 + S * larger(30, smaller(44, 900 / S)))
rows = lines_for(S + 1)
load here."page.gp"
label(i) = name(i)
load here."rows.gp"

set logscale x
set xrange [10 ** floor(log10(NS_min * 0.9)):10 ** ceil(log10(NS_max * 1.1))]
set format x "%.0s%c"
set xlabel "ns (log scale, further left is better)"

only(k, value) = column(2) == count[k] ? value : NaN
title_of(k) = count[k] == 1000 ? "longest" : sprintf("p%g", count[k] / 10.0)
plot for [k = 1:K] data skip 1 using (only(k, $3)):(row[strategy(0)]) \
		with points pointtype shape(k) pointsize mark linewidth 1.5 \
		linecolor rgb color(k) title title_of(k)
