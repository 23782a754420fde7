# What a channel does against the size of a message: both axes logarithmic, a line
# per channel, named at its end. Needs from the figure: data and the like, as all
# do, style.gp, heading and remark (texts), and the label of the y axis.

stats data skip 1 using (keep(strategy(0), $2, $3)) nooutput
do for [i = 1:S] { weight[i] = last[i] }
do for [i = 1:S] { row[i] = rank(i) }
stats data skip 1 using (low($3)) name "LOW" nooutput
stats data skip 1 using (high($3)) name "HIGH" nooutput
stats data skip 1 using (strlen(strcol(1))) name "NAME" nooutput

remark = remark.(text ? "" : interval_note)
entries = 0
pixels = larger(720, 180 + 26 * S)
rows = lines_for(S + 1)
load here."page.gp"

bottom = floor(log10(LOW_min * 0.9))
top = ceil(log10(HIGH_max * 1.1))
set logscale y
set yrange [10 ** bottom:10 ** top]
set format y (text ? "%.0e" : "%.10g")
set logscale x
set xrange [count[1] / 1.3:count[K] * 1.3]
size(bytes) = bytes >= 1048576 && bytes % 1048576 == 0 ? \
	sprintf("%d MB", bytes / 1048576) : bytes >= 1024 && bytes % 1024 == 0 ? \
	sprintf("%d kB", bytes / 1024) : sprintf("%d B", bytes)
set xtics ()
do for [k = 1:K] { set xtics add (size(int(count[k])) count[k]) }
set xlabel "size of a message (log scale)"

load here."ends.gp"

# To join what other rows stand between: NaN is no gap, and smooth unique sorts
# by size.
set datafile missing NaN
only(r, value) = strcol(1) eq name(nth[r]) ? value : NaN
dashes(r) = (r - 1) / |ink| % 3 + 1
plot for [r = 1:text ? 0 : S] data skip 1 using 2:(only(r, $3)) smooth unique \
		with lines linewidth 2 dashtype dashes(r) linecolor rgb color(r) notitle, \
	for [r = 1:S] data skip 1 \
		using 2:(only(r, $3)):(text ? $3 : low($3)):(text ? $3 : high($3)) \
		with yerrorbars pointtype shape(r) pointsize mark linewidth 1.5 \
		linecolor rgb color(r) notitle
