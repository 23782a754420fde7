# Cost of one increment against the number of workers: a line per strategy,
# named at its end, since no key with thirty entries can be read.
# gnuplot -d -c scaling.gp DATA.csv OUT svg|png|dumb HEAD FOOT
# Columns: strategy,workers,ns,low,high,trials

data = ARG1; out = ARG2; kind = ARG3; head = ARG4; foot = ARG5
here = ARG0[1:strlen(ARG0) - strlen("scaling.gp")]
load here."style.gp"

stats data skip 1 using (keep(strategy(0), $2, $3)) nooutput
do for [i = 1:S] { weight[i] = last[i] }
do for [i = 1:S] { row[i] = rank(i) }
stats data skip 1 using (low($3)) name "LOW" nooutput
stats data skip 1 using (high($3)) name "HIGH" nooutput
stats data skip 1 using (strlen(strcol(1))) name "NAME" nooutput

heading = "Cost of one increment by number of workers"
remark = "Lower is better.".(text ? "" : interval_note)
entries = 0
pixels = larger(720, 180 + 26 * S)
rows = lines_for(S + 1)
load here."page.gp"

bottom = floor(log10(LOW_min * 0.9))
top = ceil(log10(HIGH_max * 1.1))
set logscale y
set yrange [10 ** bottom:10 ** top]
set format y "%.10g"
set ylabel (text ? "ns" : "ns an increment (log scale)")
set logscale x 2
set xrange [count[1] / 1.15:count[K] * 1.08]
set xtics ()
do for [k = 1:K] { set xtics add (sprintf("%d", count[k]) count[k]) }
set xlabel "workers (log scale)"

load here."ends.gp"

# To join what other rows stand between: NaN is no gap, and smooth unique sorts
# by workers.
set datafile missing NaN
only(r, value) = strcol(1) eq name(nth[r]) ? value : NaN
dashes(r) = (r - 1) / |ink| % 3 + 1
plot for [r = 1:text ? 0 : S] data skip 1 using 2:(only(r, $3)) smooth unique \
		with lines linewidth 2 dashtype dashes(r) linecolor rgb color(r) notitle, \
	for [r = 1:S] data skip 1 \
		using 2:(only(r, $3)):(text ? $3 : low($3)):(text ? $3 : high($3)) \
		with yerrorbars pointtype shape(r) pointsize mark linewidth 1.5 \
		linecolor rgb color(r) notitle
