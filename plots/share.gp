# Share of the work that each worker did: a row per strategy, in it a bar per
# worker, the first on top, and a line where all bars would end if work were
# spread evenly. With the workers of a row in order, no key is needed.
# gnuplot -d -c share.gp DATA.csv OUT svg|png|dumb HEAD FOOT
# Columns: strategy,workers,worker,share,fairness

data = ARG1; out = ARG2; kind = ARG3; head = ARG4; foot = ARG5
here = ARG0[1:strlen(ARG0) - strlen("share.gp")]
load here."style.gp"

# The fairest first. Not all strategies run with equally many workers.
stats data skip 1 using (keep(strategy(0), $2, $5)) nooutput
do for [i = 1:S] { weight[i] = -last[i] }
do for [i = 1:S] { row[i] = rank(i) }
stats data skip 1 using 4 name "SHARE" nooutput

heading = "Share of the work, ".workers(count[K])
remark = (text ? "O a worker, | an even share; " : \
	"A bar per worker, the first on top; black line: an even share; ").\
	"by the name: Jain's fairness index (1 is even)."
entries = 0
row_pixels = smaller(60, larger(34, smaller(900 / S, 6 * count[K])))
pixels = larger(720, 190 + S * row_pixels)
rows = lines_for(S + 1)
load here."page.gp"
few(i) = most[i] == count[K] ? "" : " (".workers(most[i]).")"
label(i) = sprintf("%s%s  %.2f", name(i), few(i), last[i])
load here."rows.gp"

set xrange [0:100 * smaller(1, 1.08 * SHARE_max)]
set format x "%g"
set xlabel "share of all increments, %"
do for [i = 1:S] {
	even = 100.0 / most[i]
	set arrow from even, first row[i] - 0.5 to even, first row[i] + 0.5 \
		nohead front linewidth 2 linecolor rgb "black"
}

# Bars that would be thinner than a pixel get a border, to be seen at all.
if (count[K] > 12) {
	set style fill solid border
	tint = color(1)
} else {
	set style fill solid noborder
	tint = color(6)
}
level(part) = row[strategy(0)] + (text ? 0 : 0.84 * ((column(3) - part) / column(2) - 0.5))
plot data skip 1 using (text ? NaN : 0):(level(0.5)): \
		(0):(100 * $4):(level(0.95)):(level(0.05)) \
		with boxxyerror linewidth 0.5 linecolor rgb tint notitle, \
	data skip 1 using (text ? 100 * $4 : NaN):(level(0)) with points pointtype 15 notitle
