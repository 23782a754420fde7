# Opens the page: terminal, output, title, key, footer and the light frame.
# Needs from the figure: heading and remark (texts), entries (in the key),
# pixels (the height of a drawing) and rows (text lines inside the frame).

# A font of 16 is as large in png as one of 21 in svg, a mark of 1.7 as one of 0.8.
big = ""; medium = ""; small = ""; mark = 1
if (kind eq "png") {
	set terminal pngcairo noenhanced size 1280,pixels font "sans-serif,16" \
		linewidth 1.5 background "white"
	big = ",20"; medium = ",14"; small = ",12.5"; mark = 1.7
}
if (kind eq "svg") {
	set terminal svg noenhanced fixed size 1280,pixels font "sans-serif,21" \
		linewidth 1.5 background "white"
	big = ",26"; medium = ",18"; small = ",16.5"; mark = 0.8
}

heading = wrap(heading.(strlen(head) ? ": ".calm(head) : ""), 78)
remark = wrap(remark[1:1] eq " " ? remark[2:*] : remark, text ? 78 : 112)
foot = wrap(calm(foot), text ? 78 : 125)
columns = text ? 4 : 5

# What stands above and below the frame, in lines of a terminal or in pixels;
# the lines of a text stand further apart in svg.
svg = kind eq "svg"
title_height = (text ? 1 : svg ? 40 : 34) * (1 + breaks(heading))
remark_height = (text ? 1 : 24) * (strlen(remark) ? 1 + breaks(remark) : 0)
key_height = (text ? 1 : 30) * ceil(1.0 * entries / columns)
foot_height = (text ? 1 : svg ? 25 : 22) * (1 + breaks(foot))
above = title_height + remark_height + key_height + (text ? 0 : 24)
below = foot_height + (text ? 3 : svg ? 112 : 92)
height = text ? above + rows + below : pixels
if (text) { set terminal dumb noenhanced size 79,height + 1 }
if (strlen(out)) { set output path(out) }

up(y) = 1 - 1.0 * y / height
edge = text ? 0 : 0.012
set label 1 heading at screen edge, screen up(text ? 0 : 28) left font big
set label 2 remark at screen edge, screen up(title_height + (text ? 0 : 22)) \
	left font medium textcolor rgb gray
set label 3 foot at screen edge, screen up(height + (text ? 1 : 8) - foot_height) \
	left font small textcolor rgb gray
set tmargin at screen up(above)
set bmargin at screen up(height - below)
set rmargin 5
set key at graph 0, screen up(above - (text ? 1 : 4)) bottom left horizontal \
	Left reverse samplen 0.5 maxcols columns
set border 3 linecolor rgb gray
set tics nomirror out scale 0.5 textcolor rgb "black"
if (text) {
	set grid x
} else {
	set grid linecolor rgb pale linetype 1 linewidth 0.7
}
set errorbars 0
