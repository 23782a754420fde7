# table.awk NOTES TIMES ROWS: what run.sh found, as a table of at most 80
# columns, and below it the notes that are referred to.  Ends 1 where a program
# left no time.

# Of values[1..n], sorted in place.
function median(values, n,    i, j, t)
{
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && values[j] < values[j - 1]; j--) {
			t = values[j]
			values[j] = values[j - 1]
			values[j - 1] = t
		}
	return (values[int((n + 1) / 2)] + values[int(n / 2) + 1]) / 2
}

function short(value)
{
	return sprintf(value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value)
}

# The numbers of NAMES, in the order in which notes are first referred to.
function numbers(names,    list, n, i, text)
{
	n = split(names, list, ",")
	for (i = 1; i <= n; i++) {
		if (!(list[i] in number)) {
			number[list[i]] = ++used
			order[used] = list[i]
		}
		text = text (i > 1 ? "," : "") number[list[i]]
	}
	return text
}

# Prints TEXT after LABEL, broken at blanks.
function wrap(label, text,    list, n, i, line)
{
	n = split(text, list, " ")
	line = label
	for (i = 1; i <= n; i++) {
		if (length(line) + 1 + length(list[i]) > 79) {
			print line
			line = "   "
		}
		line = line " " list[i]
	}
	print line
}

function heading()
{
	printf "%-18s %-17s %1s %7s %7s %6s %-13s %s\n", "program", "strategy",
		"w", "peer", "racelab", "ratio", "least..most", "notes"
}

FILENAME == ARGV[1] {
	name = $1
	sub(/^[^ ]+ /, "")
	says[name] = $0
	next
}

FILENAME == ARGV[2] {
	key = $1 " " $2 " " $3 " " $4
	if ($5 == "-" || $6 == "-") {
		without[key] = 1
		next
	}
	n = ++rounds[key]
	theirs[key, n] = $5
	ours[key, n] = $6
	next
}

{
	if (FNR == 1)
		heading()
	if ($1 != peer)
		print $1 ":"
	peer = $1
	key = $1 " " $2 " " $3 " " $6
	n = rounds[key]
	printf "%-18s %-17s %1d ", $2, $3, $6
	if (!n) {
		print "no time: it did not run"
		failed = 1
		next
	}
	if (key in without)
		failed = 1
	for (i = 1; i <= n; i++) {
		a[i] = theirs[key, i]
		b[i] = ours[key, i]
		ratio[i] = b[i] / a[i]
	}
	middle = median(ratio, n)
	mark = ratio[1] > limit ? ">" : ratio[n] < 1 ? "<" : " "
	slower += ratio[1] > limit
	printf "%7s %7s %5s%s %-13s %s\n", short(median(a, n)),
		short(median(b, n)), short(middle), mark,
		short(ratio[1]) ".." short(ratio[n]), numbers($7)
	rows++
}

END {
	printf "\n< less time than the peer in every round; > more than %g", limit
	printf " times as much: %d of %d rows.\n", slower, rows
	for (i = 1; i <= used; i++)
		wrap(sprintf("%3d", i), says[order[i]])
	exit failed
}
