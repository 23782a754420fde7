# How often each total comes out: two bars, from all interleavings, and over them
# a point for what real trials had.
# gnuplot -d -c outcomes.gp DATA.csv OUT svg|png|dumb HEAD FOOT
# Columns: strategy,workers,expected,total,p_interleavings,p_scheduler,observed,count

data = ARG1; out = ARG2; kind = ARG3; head = ARG4; foot = ARG5
here = ARG0[1:strlen(ARG0) - strlen("outcomes.gp")]
load here."style.gp"

# A share is an empty field where it is not known.
percent(field) = strlen(strcol(field)) ? 100.0 * column(field) : NaN
stats data skip 1 using 4 name "TOTAL" nooutput
stats data skip 1 using 3 name "EXPECTED" nooutput
stats data skip 1 using 8 name "COUNT" nooutput
trials = COUNT_sum
top = 0
known = 0
highest(field) = strlen(strcol(field)) ? \
	(top = larger(top, percent(field)), field < 7 ? (known = known + 1) : 0, 0) : 0
stats data skip 1 using (highest(5), highest(6), highest(7)) nooutput
if (top == 0) { top = 1 }

heading = "How often each total comes out"
remark = known == 0 ? "The probabilities are not known: not everything was explored." : \
	text ? "A: if all interleavings are equally likely. B: if all next steps are." : \
	"Left of the thick line, updates are lost. Whatever can come out at all has a bar, however thin."
# Three entries of this length take two lines.
entries = trials > 0 && known > 0 && !text ? 6 : 1
pixels = 720
rows = 16
load here."page.gp"

set ylabel (text ? "%" : "share of executions, %")
# In a terminal the frame would hide what is next to nothing.
set yrange [(text ? -0.06 : 0) * top:1.08 * top]
set format y "%g"
set xlabel "counter at the end"
set xrange [TOTAL_min - 0.7:larger(TOTAL_max, EXPECTED_max) + 0.7]
if (TOTAL_max - TOTAL_min <= 30) { set xtics ceil(TOTAL_min),1 }
set grid noxtics
set arrow from EXPECTED_max - 0.5, graph 0 to EXPECTED_max - 0.5, graph 1 nohead back \
	linewidth 3 linecolor rgb "black"

# What can come out at all shows, however rare it is.
rare = 0.004 * top
bar(field) = strlen(strcol(field)) && column(field) > 0 ? larger(percent(field), rare) : NaN
seen = trials > 0 ? sprintf("%d real trials", trials) : ""
if (text) {
	plot data skip 1 using 4:(percent(5)) with points pointtype 1 title "interleavings", \
		data skip 1 using 4:(percent(6)) with points pointtype 2 title "next steps", \
		data skip 1 using 4:(trials > 0 ? percent(7) : NaN) with points pointtype 15 title seen
} else {
	plot data skip 1 using ($4 - 0.2):(bar(5)):($4 - 0.4):($4):(0):(bar(5)) \
			with boxxyerror fillstyle solid noborder linecolor rgb color(1) \
			title (known ? "all interleavings equally likely" : ""), \
		data skip 1 using ($4 + 0.2):(bar(6)):($4):($4 + 0.4):(0):(bar(6)) \
			with boxxyerror fillstyle solid noborder linecolor rgb color(2) \
			title (known ? "all next steps equally likely" : ""), \
		data skip 1 using 4:(trials > 0 ? percent(7) : NaN) with points \
			pointtype 7 pointsize 1.5 * mark linecolor rgb "white" notitle, \
		data skip 1 using 4:(trials > 0 ? percent(7) : NaN) with points \
			pointtype 7 pointsize mark linecolor rgb "black" title seen
}
