# Names of lines in a column on the right, since no key with thirty entries can
# be read: each at the height of its line's end, last[i] at x = most[i], if there
# is room and as near as possible if not; a thin line leads there. The y axis is
# logarithmic, from 10 ** bottom to 10 ** top. NAME_max is the longest name.

array nth[S]
do for [i = 1:S] { nth[row[i]] = i }
array place_y[S]
inside = height - above - below
step = (text ? 1.0 : 25.0) / inside
do for [r = 1:S] {
	place_y[r] = (log10(last[nth[r]]) - bottom) / (top - bottom)
	if (r > 1) { place_y[r] = larger(place_y[r], place_y[r - 1] + step) }
}
limit = 1
do for [n = 1:S] {
	r = S + 1 - n
	place_y[r] = smaller(place_y[r], limit)
	limit = place_y[r] - step
}
set rmargin (text ? NAME_max + 8 : 0.85 * NAME_max + 8)
name_x = text ? 1.03 : 1.06
do for [r = 1:S] {
	i = nth[r]
	set label name(i) at graph name_x, graph place_y[r] left \
		offset character (text ? 2 : 1), (text ? 0 : -0.15) \
		point pointtype shape(r) pointsize mark linecolor rgb color(r)
	if (!text) {
		set arrow from most[i], last[i] to graph name_x, graph place_y[r] nohead \
			dashtype 3 linewidth 0.7 linecolor rgb gray
	}
}
