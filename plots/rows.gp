# A horizontal row per strategy, row[i] from the top, named on the left by
# label(i). Every second row is shaded, to lead the eye from name to mark.

set ytics () scale 0
set grid noytics
do for [i = 1:S] {
	set ytics add (label(i) row[i])
	if (!text && S > 2 && row[i] % 2) {
		set object row[i] rectangle behind fillstyle solid noborder \
			fillcolor rgb 0xF0F0F0 \
			from graph 0, first row[i] - 0.5 to graph 1, first row[i] + 0.5
	}
}
# In a terminal, a whole row keeps the first and the last mark off the frame.
if (text) { set yrange [S + 1:0] } else { set yrange [S + 0.5:0.5] }
