# Lost updates against the share of time in the window between load and store,
# beside what the model predicts.
# gnuplot -d -c window.gp DATA.csv OUT svg|png|dumb HEAD FOOT
# Columns: strategy,workers,share,low,high,window,predicted

data = ARG1; out = ARG2; kind = ARG3; head = ARG4; foot = ARG5
here = ARG0[1:strlen(ARG0) - strlen("window.gp")]
load here."style.gp"

heading = "Lost updates by time in the window"
remark = "Lines: predicted, 1 - (1 - window)^(workers - 1), at most 1 - 1/workers.".\
	(text ? "" : interval_note)
entries = S * K
pixels = 720
rows = 20
load here."page.gp"

set xrange [0:100]
set yrange [0:100]
set grid y
set xlabel "share of its time that a worker is between load and store, %"
set ylabel (text ? "% lost" : "updates lost, %")

predict(x, n) = 100 * smaller(1 - (1 - x / 100.0) ** (n - 1), 1 - 1.0 / n)
only(i, k, value) = strcol(1) eq name(i) && $2 == count[k] ? value : NaN
series(i, k) = S > 1 ? name(i).", ".workers(count[k]) : workers(count[k])
mark_of(i, k) = (i - 1) * K + k
plot for [k = 1:K] predict(x, count[k]) with lines linewidth 2 \
		linecolor rgb (S > 1 ? gray : color(k)) notitle, \
	for [i = 1:S] for [k = 1:K] data skip 1 \
		using (100 * $6):(only(i, k, 100 * $3)): \
		(100 * (text ? $3 : low($3))):(100 * (text ? $3 : high($3))) \
		with yerrorbars pointtype shape(mark_of(i, k)) pointsize mark \
		linewidth 1.5 linecolor rgb color(mark_of(i, k)) title series(i, k)
