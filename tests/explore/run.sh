#!/bin/sh
# run.sh BUILDDIR [FILE.c...]: explore programs whose verdicts are known.
#
# Without files it explores every program beside itself, each under both memory
# models.  What must come out stands in the program's first comment, in lines
# such as these; the words around them are for people:
#
#	sc: exact
#	tso: violates: both read 0
#	outcomes sc: 3
#	count sc: 12 A read 1, B read 1
#	explore: -w 3
#	needs: x86_64
#
# "sc: VERDICT" and "tso: VERDICT" are obligatory; what follows a second colon
# must be part of what the verdict, or one of the outcomes, says.  "outcomes" is
# how many different ones there are, and "count" in how many interleavings one of
# them comes about: the one with just that message; "total 4", where it is a
# strategy's total; "-", where nothing is wrong.  These numbers were not found by
# racelab: they are closed forms, or by brute force over an idealized machine.
# "explore" has further options, and "needs" the only machine to try it on.
#
# The status of racelab must fit the verdict: 0 exact, 6 unfinished, else 1.  77
# says that this machine cannot do it, and skips that memory model.
# Knobs: LIMIT=60 seconds for an exploration, V=1 names each.
# Ends 0, 1 when a verdict was another one, 2 for wrong usage.
set -u

# The lines of the first comment that are not for people: "sc verdict exact".
# shellcheck disable=SC2016 # these dollars are awk's
expected='
/^\/\*/ { open = 1 }
open && sub(/^ \* /, "") {
	if ($1 == "outcomes" || $1 == "count") {
		kind = $1
		sub(/^[a-z]* /, "")
		if (sub(/^sc: /, ""))
			print "sc " kind " " $0
		else if (sub(/^tso: /, ""))
			print "tso " kind " " $0
	} else if (match($0, /^(sc|tso): [a-z-]*/)) {
		memory = substr($1, 1, length($1) - 1)
		verdict = $2
		sub(/:$/, "", verdict)
		print memory " verdict " verdict
		if (sub(/^[a-z]*: [a-z-]*: /, ""))
			print memory " says " $0
	} else if (sub(/^explore: /, "")) {
		print "options " $0
	} else if (sub(/^needs: /, "")) {
		print "needs " $0
	}
}
/\*\// { exit }
'

# JSON, one value a line behind its path: "outcomes.0.message both read 0".
# shellcheck disable=SC2016
flatten='
{ text = text $0 "\n" }
END {
	for (at = 1; skip(); )
		value("")
}
# The next character that is not blank, or nothing.
function skip() {
	while (substr(text, at, 1) ~ /^[ \t\r\n]$/)
		at++
	return substr(text, at, 1)
}
function value(path,    open) {
	open = skip()
	if (open == "{" || open == "[")
		container(path == "" ? "" : path ".", open == "{" ? "}" : "]")
	else if (open == "\"")
		print path, string()
	else if (match(substr(text, at, 64), /^[-+.a-zA-Z0-9]+/)) {
		print path, substr(text, at, RLENGTH)
		at += RLENGTH
	} else
		at = length(text) + 1 # not JSON: what is missing will be missed
}
function container(path, last,    i, name) {
	at++
	for (i = 0; skip() != last && at <= length(text); i++) {
		if (skip() == ",")
			at++
		name = i
		if (last == "}") {
			skip()
			name = string()
			skip()
			at++ # the colon
		}
		value(path name)
	}
	at++
}
function string(    end, c) {
	end = ""
	for (at++; at <= length(text); at++) {
		c = substr(text, at, 1)
		if (c == "\"")
			break
		if (c == "\\")
			c = substr(text, ++at, 1)
		end = end c
	}
	at++
	return end
}
'

# Reads both; prints what is not as it must be.
# shellcheck disable=SC2016
compare='
function rest(fields,    i, line) {
	line = $0
	for (i = 0; i < fields; i++)
		sub(/^[^ ]* /, "", line)
	return line
}
FNR == NR {
	if ($1 == memory && $2 == "count")
		count[rest(3)] = $3
	else if ($1 == memory)
		want[$2] = rest(2)
	next
}
$1 == "verdict" { verdict = $2 }
$1 == "message" { message = rest(1) }
$1 ~ /^outcomes\.[0-9]+\.(message|total|interleavings)$/ {
	split($1, part, ".")
	outcomes[part[2]]
	got[part[2], part[3]] = rest(1)
}
function label(i) {
	if (got[i, "message"] != "" && got[i, "message"] != "null")
		return got[i, "message"]
	if (got[i, "total"] != "" && got[i, "total"] != "null")
		return "total " got[i, "total"]
	return "-"
}
END {
	for (i in outcomes) {
		n++
		seen[label(i)] = got[i, "interleavings"]
		said = said "\n" label(i)
	}
	if (verdict != want["verdict"])
		print "the verdict is " (verdict == "" ? "missing" : verdict) \
			", and not " want["verdict"]
	if ("says" in want && !index(message said, want["says"]))
		print "nobody says \"" want["says"] "\""
	if ("outcomes" in want && n + 0 != want["outcomes"] + 0)
		print n + 0 " outcomes, and not " want["outcomes"]
	for (text in count) {
		if (!(text in seen))
			print "there is no outcome \"" text "\""
		else if (seen[text] != count[text])
			print "\"" text "\" in " seen[text] \
				" interleavings, and not " count[text]
	}
	must = verdict == "exact" ? 0 : verdict == "unfinished" ? 6 : 1
	if (verdict != "" && status != must)
		print "status " status " with the verdict " verdict
}
'

die() {
	printf 'racelab: explore/run.sh: %s\n' "$*" >&2
	exit 2
}

[ $# -ge 1 ] || die 'usage: run.sh BUILDDIR [FILE.c...]'
here=$(cd "$(dirname "$0")" && pwd) || exit
build=$(cd "$1" 2>/dev/null && pwd) || die "no folder $1"
[ -x "$build/racelab" ] || die "no racelab in $1: build first"
shift
[ $# -gt 0 ] || set -- "$here"/*.c

LC_ALL=C
export LC_ALL
limit=${LIMIT:-60}
work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
passed=0
failed=0
skipped=0

fail() { # TITLE FILE...: what the files say
	echo "FAILED: $1"
	shift
	sed 's/^/  /; 20q' "$@"
	failed=$((failed + 1))
}

judge() { # FILE MEMORY: explores, and writes what is wrong to $work/wrong
	options=$(sed -n 's/^options //p' "$work/expected")
	# shellcheck disable=SC2086 # options are words
	timeout -k 5 "$limit" "$build/racelab" explore "$1" $options --memory="$2" \
		--outcomes --json </dev/null >"$work/out" 2>"$work/err"
	status=$?
	[ "$status" -ne 77 ] || return
	if [ "$status" -eq 124 ]; then
		echo "it took longer than $limit s"
	else
		awk "$flatten" "$work/out" >"$work/flat"
		awk -v memory="$2" -v status="$status" "$compare" \
			"$work/expected" "$work/flat"
	fi >"$work/wrong"
}

try() { # FILE MEMORY
	title="${1##*/} under $2"
	[ -z "${V:-}" ] || echo "$title"
	if ! grep -q "^$2 verdict ." "$work/expected"; then
		echo 'the first comment does not say what must come out' >"$work/wrong"
		fail "$title" "$work/wrong"
		return
	fi
	judge "$1" "$2"
	if [ "$status" -eq 77 ]; then
		skipped=$((skipped + 1))
		echo "skipped: $title: $(sed -n 's/^racelab: //p; 1q' "$work/err")"
	elif [ -s "$work/wrong" ]; then
		fail "$title" "$work/wrong" "$work/err"
	else
		passed=$((passed + 1))
	fi
}

for file in "$@"; do
	[ -f "$file" ] || die "no file $file"
	awk "$expected" "$file" >"$work/expected"
	needs=$(sed -n 's/^needs //p' "$work/expected")
	if [ -n "$needs" ] && [ "$needs" != "$(uname -m)" ]; then
		skipped=$((skipped + 1))
		echo "skipped: ${file##*/}: only on $needs"
		continue
	fi
	for memory in sc tso; do
		try "$file" "$memory"
	done
done

[ $((passed + failed + skipped)) -gt 0 ] || die 'no programs'
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
