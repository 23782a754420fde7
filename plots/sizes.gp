# What a channel does against the size of a message: both axes logarithmic, a line
# per channel, named at its end. Needs from the figure: data and the like, as all
# do, style.gp, heading and remark (texts), the label of the y axis, and tick(), what
# a power of ten is called there.

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
# A hair more, or rounding hides the label at an end.
set yrange [0.99 * 10 ** bottom:1.01 * 10 ** top]
set ytics ()
do for [power = bottom:top] { set ytics add (tick(10.0 ** power) 10.0 ** power) }
set logscale x
set xrange [count[1] / 2.0:count[K] * 2.0]
size(bytes) = bytes >= 1048576 && bytes % 1048576 == 0 ? \
	sprintf("%d MB", bytes / 1048576) : bytes >= 1024 && bytes % 1024 == 0 ? \
	sprintf("%d kB", bytes / 1024) : sprintf("%d B", bytes)
set xtics ()
do for [k = 1:K] { set xtics add (size(int(count[k])) count[k]) }
set xlabel "size of a message (log scale)"

# Side by side, for the whiskers to be told apart.
beside(r) = text ? 1 : 1.08 ** (r - (S + 1) / 2.0)
do for [i = 1:S] { most[i] = count[K] * beside(row[i]) }
load here."ends.gp"

# To join what other rows stand between: NaN is no gap, and smooth unique sorts
# by size.
set datafile missing NaN
only(r, value) = strcol(1) eq name(nth[r]) ? value : NaN
dashes(r) = (r - 1) / |ink| % 3 + 1
plot for [r = 1:text ? 0 : S] data skip 1 using ($2 * beside(r)):(only(r, $3)) smooth unique \
		with lines linewidth 2 dashtype dashes(r) linecolor rgb color(r) notitle, \
	for [r = 1:S] data skip 1 \
		using ($2 * beside(r)):(only(r, $3)):(text ? $3 : low($3)):(text ? $3 : high($3)) \
		with yerrorbars pointtype shape(r) pointsize mark linewidth 1.5 \
		linecolor rgb color(r) notitle
