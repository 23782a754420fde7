# Cost of one increment against the work inside the lock: a line per strategy.
# gnuplot -d -c inside.gp DATA.csv OUT svg|png|dumb HEAD FOOT
# Columns: strategy,inside,ns,low,high,trials

data = ARG1; out = ARG2; kind = ARG3; head = ARG4; foot = ARG5
here = ARG0[1:strlen(ARG0) - strlen("inside.gp")]
load here."style.gp"

stats data skip 1 using (keep(strategy(0), $2 + 1, $3)) nooutput
do for [i = 1:S] { weight[i] = last[i] }
do for [i = 1:S] { row[i] = rank(i) }
stats data skip 1 using (low($3)) name "LOW" nooutput
stats data skip 1 using (high($3)) name "HIGH" nooutput
stats data skip 1 using (strlen(strcol(1))) name "NAME" nooutput

heading = "Cost of one increment by the work inside the lock"
remark = "Lower is better: above the work itself, what the lock adds.".\
	(text ? "" : interval_note)
entries = 0
pixels = larger(720, 180 + 26 * S)
rows = lines_for(S + 1)
load here."page.gp"

# No work has no logarithm: it stands a quarter of the least beside it.
bottom = floor(log10(LOW_min * 0.9))
top = ceil(log10(HIGH_max * 1.1))
at_zero = count[1] == 0 ? count[2] / 4.0 : count[1]
x(value) = value == 0 ? at_zero : value
set logscale y
set yrange [10 ** bottom:10 ** top]
set format y "%.10g"
set ylabel (text ? "ns" : "ns an increment (log scale)")
set logscale x
set xrange [at_zero / 1.3:count[K] * 1.3]
set xtics ()
do for [k = 1:K] { set xtics add (sprintf("%d", count[k]) x(count[k])) }
set xlabel "ns of work inside (log scale)"

do for [i = 1:S] { most[i] = count[K] }
load here."ends.gp"

set datafile missing NaN
only(r, value) = strcol(1) eq name(nth[r]) ? value : NaN
dashes(r) = (r - 1) / |ink| % 3 + 1
plot for [r = 1:text ? 0 : S] data skip 1 using (x($2)):(only(r, $3)) smooth unique \
		with lines linewidth 2 dashtype dashes(r) linecolor rgb color(r) notitle, \
	for [r = 1:S] data skip 1 \
		using (x($2)):(only(r, $3)):(text ? $3 : low($3)):(text ? $3 : high($3)) \
		with yerrorbars pointtype shape(r) pointsize mark linewidth 1.5 \
		linecolor rgb color(r) notitle
