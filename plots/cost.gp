# Cost of one increment: a row per strategy, a mark per number of workers.
# gnuplot -d -c cost.gp DATA.csv OUT svg|png|dumb HEAD FOOT
# Columns: strategy,workers,ns,low,high,trials

data = ARG1; out = ARG2; kind = ARG3; head = ARG4; foot = ARG5
here = ARG0[1:strlen(ARG0) - strlen("cost.gp")]
load here."style.gp"

stats data skip 1 using (keep(strategy(0), $2, $3)) nooutput
do for [i = 1:S] { weight[i] = last[i] }
do for [i = 1:S] { row[i] = rank(i) }
stats data skip 1 using (low($3)) name "LOW" nooutput
stats data skip 1 using (high($3)) name "HIGH" nooutput

heading = "Cost of one increment"
remark = "The cheapest with ".workers(count[K])." on top.".interval_note
entries = K
pixels = larger(720, 220 + S * row_pixels)
rows = lines_for(S + 1)
load here."page.gp"
label(i) = name(i)
load here."rows.gp"

# Whole decades, so that the axis has labels however close the values are.
set logscale x
set xrange [10 ** floor(log10(LOW_min * 0.9)):10 ** ceil(log10(HIGH_max * 1.1))]
set format x "%.10g"
set xlabel "ns an increment (log scale, lower is better)"

only(k, value) = column(2) == count[k] ? value : NaN
level(k) = row[strategy(0)] + dodge(k)
plot for [k = 1:K] data skip 1 \
		using (only(k, low($3))):(level(k)):(high($3) - low($3)):(0) \
		with vectors nohead linewidth 2 linecolor rgb color(k) notitle, \
	for [k = 1:K] data skip 1 using (only(k, $3)):(level(k)) \
		with points pointtype shape(k) pointsize mark linewidth 1.5 \
		linecolor rgb color(k) title workers(count[k])
