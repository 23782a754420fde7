# Lost updates: a row per strategy, a column per number of workers.
# Each cell has its own axis from 0 to 100 % and the number beside it, so that
# nothing lost and next to nothing lost cannot be taken for one another.
# A mark is hollow, and the number "?", where nothing was lost but half of the
# trials or more could not have shown a loss: that is no evidence, not a zero.
# gnuplot -d -c lost.gp DATA.csv OUT svg|png|dumb HEAD FOOT
# Columns: strategy,workers,share,low,high,trials,insufficient

data = ARG1; out = ARG2; kind = ARG3; head = ARG4; foot = ARG5
here = ARG0[1:strlen(ARG0) - strlen("lost.gp")]
load here."style.gp"

stats data skip 1 using (keep(strategy(0), $2, $3)) nooutput
do for [i = 1:S] { weight[i] = -last[i] }
do for [i = 1:S] { row[i] = rank(i) }
unknown(unused) = column(3) == 0 && 2 * column(7) >= column(6)
stats data skip 1 using (unknown(0) ? 1 : 0) name "UNKNOWN" nooutput

heading = "Lost updates"
remark = (UNKNOWN_max > 0 ? (text ? "?" : "Hollow, ?").\
	": nothing lost, but too little overlap to tell." : "").(text ? "" : interval_note)
entries = 1
pixels = larger(720, 220 + S * smaller(60, larger(27, 900 / S)))
rows = lines_for(S + 1)
load here."page.gp"
label(i) = name(i)
load here."rows.gp"

# A column holds its axis, of length 1, and the number.
roomy = K < 6
wide = roomy ? 1.5 : 1.75
zero(k) = (k - 1) * wide
set xrange [-0.06:K * wide - 0.06]
set xtics () scale 0.5
do for [k = 1:K] {
	set xtics add ("0" zero(k), "50" zero(k) + 0.5)
	if (!text) {
		set xtics add (roomy ? "100" : "" zero(k) + 1)
		set arrow from zero(k), graph 0 to zero(k), graph 1 nohead back \
			linewidth 1.5 linecolor rgb gray
	}
	set label (roomy ? workers(count[k]) : sprintf("%d", count[k])) \
		at zero(k), screen up(above - (text ? 1 : 16)) left
}
if (!roomy) {
	set label "workers" at -0.3, screen up(above - (text ? 1 : 16)) right
}
set xlabel "lost updates, % of all increments (lower is better)"

at_(value) = zero(place(sorted, strcol(2))) + value
level(unused) = row[strategy(0)]
percent(share) = share == 0 ? "0" : share < 0.001 ? "<0.1" : \
	share >= 0.995 && share < 1 ? ">99" : \
	sprintf(text || share >= 0.1 ? "%.0f" : "%.1f", 100 * share)
half = text ? 0 : 0.3
# Any loss at all shows as a bar.
plot data skip 1 using ($3 > 0 ? at_(0) : NaN):(level(0)): \
		(at_(0)):(at_(larger($3, 0.01))): \
		(level(0) - half):(level(0) + half) \
		with boxxyerror fillstyle solid noborder linecolor rgb color(5) notitle, \
	data skip 1 using (at_(low($3))):(level(0)):(high($3) - low($3)):(0) \
		with vectors nohead linewidth 2.5 linecolor rgb "black" notitle, \
	data skip 1 using ($3 == 0 && !unknown(0) ? at_(0) : NaN):(level(0)) \
		with points pointtype (text ? 15 : 7) pointsize mark linecolor rgb color(1) notitle, \
	data skip 1 using (unknown(0) && !text ? at_(0) : NaN):(level(0)) \
		with points pointtype 7 pointsize 1.2 * mark linecolor rgb "black" notitle, \
	data skip 1 using (unknown(0) && !text ? at_(0) : NaN):(level(0)) \
		with points pointtype 7 pointsize 0.7 * mark linecolor rgb "white" notitle, \
	data skip 1 using (at_(text ? 0.9 : 1.08)):(level(0)):(unknown(0) ? "?" : percent($3)) \
		with labels left notitle
