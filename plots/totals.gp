# Where the final totals of all trials lie: a histogram per number of workers,
# one below the other on one axis. All have the same bins, which end exactly at
# 100 %, so that a bar beyond that line is a counter that counted too much.
# gnuplot -d -c totals.gp DATA.csv OUT svg|png|dumb HEAD FOOT
# Columns: strategy,workers,observed,expected

data = ARG1; out = ARG2; kind = ARG3; head = ARG4; foot = ARG5
here = ARG0[1:strlen(ARG0) - strlen("totals.gp")]
load here."style.gp"

total(unused) = 100.0 * column(3) / column(4)
stats data skip 1 using (total(0)) name "ALL" nooutput
lowest = smaller(100, ALL_min)
highest = larger(100, ALL_max)

# Freedman and Diaconis's width for the narrowest histogram, but no more than 50
# bins, and no finer than the eye; then the next round number.
width = larger((highest - lowest) / 10, 0.1)
array trials[K]
array middle[K]
array exact[K]
do for [k = 1:K] {
	stats data skip 1 using ($2 == count[k] ? total(0) : NaN) name "ONE" nooutput
	trials[k] = ONE_records
	middle[k] = ONE_median
	stats data skip 1 using ($2 == count[k] ? strcol(3) eq strcol(4) : NaN) \
		name "EXACT" nooutput
	exact[k] = int(EXACT_sum)
	spread = 2 * (ONE_up_quartile - ONE_lo_quartile) / ONE_records ** (1.0 / 3)
	if (spread > 0) { width = smaller(width, spread) }
}
width = larger(larger(width, (highest - lowest) / (text ? 30 : 50)), 1e-4)
power = 10.0 ** floor(log10(width))
width = power * (width > 5 * power ? 10 : width > 2 * power ? 5 : width > power ? 2 : 1)
first_bin = smaller(-10, floor((lowest - 100) / width + 1e-6) - 1)
bins = ceil((highest - 100) / width - 1e-6) - first_bin + 1
bin(value) = larger(1, int(ceil((value - 100) / width - 1e-6)) - first_bin)

array tally[K * bins]
do for [i = 1:K * bins] { tally[i] = 0 }
cell(k, b) = (k - 1) * bins + b
add(i) = (tally[i] = tally[i] + 1)
stats data skip 1 using (add(cell(place(sorted, strcol(2)), bin(total(0))))) nooutput

heading = "Final total of the counter".(S == 1 ? ", ".name(1) : "")
remark = "Thick line: the expected total. Each histogram has its own height."
entries = 0
pixels = larger(720, 190 + 110 * K)
rows = K * larger(5, 15 / K)
load here."page.gp"

set xrange [100 + (first_bin - 0.5) * width:100 + (first_bin + bins + 0.5) * width]
set format x "%g"
set xlabel sprintf("counter at the end, %% of the increments done (bins of %g %%)", width)
set arrow from 100, graph 0 to 100, graph (text ? 0.97 : 1) nohead front \
	linewidth 3 linecolor rgb "black"
set ylabel "trials"
set yrange [0:K]
set ytics () scale 0.5
set grid noytics
set style textbox opaque noborder
percent(p) = p < 100 && p > 99.9 ? "over 99.9 %" : sprintf("%.3g %%", p)
array peak[K]
do for [k = 1:K] {
	peak[k] = 0
	do for [b = 1:bins] { peak[k] = larger(peak[k], tally[cell(k, b)]) }
	set ytics add ("0" K - k, sprintf("%d", peak[k]) K - k + 0.65)
	set arrow from graph 0, first K - k to graph 1, first K - k nohead front \
		linewidth 1 linecolor rgb gray
	set label sprintf("%s: %s, %d exact, median %s", workers(count[k]), \
		plural(trials[k], "trial"), exact[k], percent(middle[k])) \
		at graph 0.01, first K - k + 0.84 left boxed
}

# A single trial among thousands still shows, and gaps keep bars apart.
set datafile separator whitespace
k_of(i) = int((i - 1) / bins) + 1
bar(n, k) = larger(0.02, 0.65 * n / peak[k])
left(i, part) = 100 + (first_bin + (int(i) - 1) % bins + part) * width
plot tally using ($2 > 0 ? left($1, 0.5) : NaN):(K - k_of($1)): \
		(left($1, text ? 0 : 0.03)):(left($1, text ? 1 : 0.97)): \
		(K - k_of($1)):(K - k_of($1) + bar($2, k_of($1))) \
		with boxxyerror fillstyle solid noborder linecolor rgb color(1) notitle
