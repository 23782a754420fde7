# What all figures share: how the data are read and how they look.
# Every text that comes from outside stays inert: it is only ever a label, the
# terminals are set to noenhanced, and nothing here is evaluated or expanded.
#
# A figure sets data, out, kind, head and foot, loads this file, says what page it
# needs, loads page.gp, and plots.

reset
set encoding utf8
set datafile separator comma

text = kind eq "dumb"
larger(a, b) = a > b ? a : b
smaller(a, b) = a < b ? a : b

# A name that begins with "<" or "|" would be a command to run.
path(name) = strlen(name) && name[1:1] ne "/" ? "./".name : name
data = path(data)

# Gnuplot escapes "&" and "<" in SVG, but XML does not allow this one either.
calm(s) = strstrt(s, "]]>") ? \
	s[1:strstrt(s, "]]>") + 1]." ".calm(s[strstrt(s, "]]>") + 2:*]) : s

# Break a text at its last blank before width, or there if it has none.
# (words() would be shorter, but it swallows quotes.)
blank(s, n) = (at = n, int(sum [i = 1:n] (at = s[i:i] eq " " ? i : at)), at)
wrap(s, width) = strlen(s) <= width ? s : \
	s[1:blank(s, width)]."\n".wrap(s[blank(s, width) + 1:*], width)
breaks(s) = strlen(s) ? int(sum [i = 1:strlen(s)] (s[i:i] eq "\n")) : 0

# Okabe and Ito's colors, in an order that alternates dark and light, so that
# neighbors differ in gray too; their yellow is too pale for a projector.
array ink = [0x0072B2, 0xE69F00, 0x000000, 0x009E73, 0xD55E00, 0x56B4E9, 0xCC79A7]
color(i) = ink[(i - 1) % |ink| + 1]
# Shapes, solid before hollow; in a terminal, mark i is the i-th letter.
array shapes = [7, 5, 9, 13, 11, 15, 6, 4, 8, 12, 10]
shape(i) = text ? i : shapes[(i - 1) % |shapes| + 1]
pale = 0xD8D8D8
gray = 0x444444

# The S strategies and K worker counts, each once: names and counts are lists of
# words, place() is where in its list a word stands.
names = " "
counts = " "
with_(list, item) = strstrt(list, " ".item." ") ? list : list.item." "
note(name, count) = (names = with_(names, name), counts = with_(counts, count), 0)
stats data skip 1 using (note(strcol(1), strcol(2))) nooutput
S = words(names)
K = words(counts)
if (S == 0) {
	print "no rows in ", data
	exit status 1
}
name(i) = word(names, i)
place(list, item) = words(list[1:strstrt(list, " ".item." ")]) + 1
strategy(unused) = place(names, strcol(1))

# The counts in increasing order, as numbers and as a list.
array count[K]
do for [i = 1:K] {
	count[1 + int(sum [j = 1:K] (word(counts, j) + 0 < word(counts, i) + 0))] = \
		word(counts, i) + 0
}
sorted = " "
do for [k = 1:K] { sorted = sorted.count[k]." " }

# Rank of each strategy by weight[], the first of equals first.
array weight[S]
array row[S]
rank(i) = 1 + int(sum [j = 1:S] \
	(weight[j] < weight[i] || (weight[j] == weight[i] && j < i)))

# What a strategy showed with the most workers it ran with.
array most[S]
array last[S]
do for [i = 1:S] { most[i] = 0 }
keep(i, workers, value) = workers > most[i] ? (most[i] = workers, last[i] = value) : 0

# An interval's end, or the value itself where the field is empty.
low(value) = strlen(strcol(4)) ? column(4) : value
high(value) = strlen(strcol(5)) ? column(5) : value

# Where the whole file has none, no figure speaks of intervals.
intervals = 0
stats data skip 1 using (intervals = intervals + (strlen(strcol(4)) > 0)) nooutput
interval_note = intervals ? " Whiskers: 95 % interval of the median." : ""

# Within a row, the worker counts lie one below the other, with room for them as
# long as the page does not grow beyond reason.
dodge(k) = text ? 0 : (k - (K + 1) / 2.0) * 0.7 / K
row_pixels = smaller(14 * K + 12, larger(38, 900 / S))
# In a terminal: what n equal rows need, and more as long as 24 lines hold it.
lines_for(n) = n * larger(1, int(16 / n))

plural(n, thing) = sprintf(n == 1 ? "%d %s" : "%d %ss", n, thing)
workers(n) = plural(n, "worker")
