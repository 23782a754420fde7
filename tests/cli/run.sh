#!/bin/sh
# run.sh BUILDDIR [FILE.case...]: run command lines and compare what they print.
#
# Without files it runs every case beside itself.  A case looks like this:
#
#	# what must hold, in a sentence
#	skip there is no such tool here: ! command -v gnuplot
#	$ racelab run mutex -w 0
#	> a line more of the same command
#	2> racelab: 0: workers are a number from 1 to 4096, or a list as 1,2,4-8 or 1..64
#	status 2
#
# A line that begins with "$ " is a command for sh; after it come the lines of
# its standard output as they are or behind "1> ", those of standard error behind
# "2> ", and the status, which is 0 unless told otherwise; "status 0|6" allows
# either.  In a line "*" stands for any text and "\*" for a star; a line "..."
# stands for any number of lines.  "skip WHY: COMMAND" skips the case where
# COMMAND succeeds; there may be several.  Empty lines count for nothing.
#
# All commands of a case run in one fresh folder, with the built racelab first in
# PATH, standard input empty, and in the environment BUILD, that folder; TOP, the
# sources; and SANITIZED, if racelab was built so.  After each of them nothing of
# it may be left in the system (leftovers.sh).
# Knobs: LIMIT=60 seconds for a command, V=1 names each case, and PATIENCE.
# Ends 0, 1 when a case failed, 2 for wrong usage.
set -u

# From a case to a folder of files: title; skip, which prints why to skip it; and
# for each command N.command N.line N.out N.err N.status.
# shellcheck disable=SC2016 # these dollars are awk's
parse='
function put(name, text) {
	printf "%s\n", text >(dir "/" name)
}
function touch(name) {
	printf "" >(dir "/" name)
}
/^#/ {
	if (!titled++)
		put("title", substr($0, 3))
	next
}
/^skip [^:]*: / {
	why = substr($0, 6, index($0, ":") - 6)
	gsub(/\047/, "\047\\\047\047", why)
	put("skip", "if { " substr($0, index($0, ":") + 2) "; } >/dev/null 2>&1")
	put("skip", "then echo \047" why "\047; exit; fi")
	next
}
/^\$ / {
	n++
	put(n ".line", FNR)
	put(n ".command", substr($0, 3))
	touch(n ".out")
	touch(n ".err")
	command = 1
	next
}
command && /^> / {
	put(n ".command", substr($0, 3))
	next
}
{ command = 0 }
/^$/ { next }
!n { exit 1 }
/^status / { put(n ".status", $2); next }
/^2>/ { put(n ".err", substr($0, 4)); next }
/^1>/ { put(n ".out", substr($0, 4)); next }
{ put(n ".out", $0) }
END {
	if (!n || !titled)
		exit 1
}
'

# Does the second file fit the first?  The lines of the first are patterns.
# shellcheck disable=SC2016
fits='
FNR == NR { want[++wants] = $0; next }
{ got[++gots] = $0 }

# Pieces of a pattern between its stars, in piece[1..n].
function cut(pattern,    n, i, c) {
	n = 1
	piece[1] = ""
	for (i = 1; i <= length(pattern); i++) {
		c = substr(pattern, i, 1)
		if (c == "\\" && substr(pattern, i + 1, 1) == "*")
			piece[n] = piece[n] substr(pattern, ++i, 1)
		else if (c == "*")
			piece[++n] = ""
		else
			piece[n] = piece[n] c
	}
	return n
}
# The first piece begins the line, the last one ends it, and the others follow
# each other, each as early as it can.
function line_fits(pattern, line,    n, i, at, last) {
	n = cut(pattern)
	if (n == 1)
		return piece[1] == line
	if (substr(line, 1, length(piece[1])) != piece[1])
		return 0
	line = substr(line, length(piece[1]) + 1)
	for (i = 2; i < n; i++) {
		at = index(line, piece[i])
		if (piece[i] == "")
			continue
		if (!at)
			return 0
		line = substr(line, at + length(piece[i]))
	}
	last = length(line) - length(piece[n])
	return last >= 0 && substr(line, last + 1) == piece[n]
}
# The same one level up: a gap takes as few lines as it can; if what follows does
# not fit, it takes one more.
END {
	for (w = g = 1; g <= gots;) {
		if (w <= wants && want[w] == "...") {
			gap = ++w
			from = g
		} else if (w <= wants && line_fits(want[w], got[g])) {
			w++
			g++
		} else if (gap) {
			w = gap
			g = ++from
		} else {
			exit 1
		}
	}
	while (w <= wants && want[w] == "...")
		w++
	exit w <= wants
}
'

die() {
	printf 'racelab: cli/run.sh: %s\n' "$*" >&2
	exit 2
}

[ $# -ge 1 ] || die 'usage: run.sh BUILDDIR [FILE.case...]'
here=$(cd "$(dirname "$0")" && pwd) || exit
BUILD=$(cd "$1" 2>/dev/null && pwd) || die "no folder $1"
[ -x "$BUILD/racelab" ] || die "no racelab in $1: build first"
shift
[ $# -gt 0 ] || set -- "$here"/*.case
TOP=$(cd "$here/../.." && pwd) || exit
SANITIZED=
! grep -qa __asan_init "$BUILD/racelab" || SANITIZED=yes
export BUILD TOP SANITIZED

# What a user may have set, and a case may not depend on.
unset ARGP_HELP_FMT CDPATH COLUMNS ENV LANG LANGUAGE NO_COLOR POSIXLY_CORRECT
export LC_ALL=C TERM=dumb TZ=UTC0 PATH="$BUILD:$PATH"

limit=${LIMIT:-60}
mark=${RACELAB_TEST:-/}cli-$$/
work=$(mktemp -d) || exit
work=$(cd "$work" && pwd -P) || exit # a symbolic link would show in messages
clean_up() {
	kill_left "$(sh "$here/leftovers.sh" "$mark" "$work/before")"
	chmod -R u+rwX "$work"
	rm -rf "$work"
}
kill_left() { # LINES of leftovers.sh
	printf '%s\n' "$1" | while read -r kind what id _; do
		case "$kind $what" in
		process\ *) kill -9 "$what" ;;
		'semaphore set') ipcrm -s "$id" ;;
		'message queue') ipcrm -q "$id" ;;
		'shared memory') ipcrm -m "$id" ;;
		file\ *) rm -f "$what" ;;
		esac
	done 2>/dev/null
}
sh "$here/leftovers.sh" "$mark" >"$work/before"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
passed=0
failed=0
skipped=0

# fail WHY [FILE WHAT]...: says so once, and shows the files.
fail() {
	why=$1
	shift
	[ -n "$bad" ] || echo "FAILED: $case: $title"
	bad=yes
	echo "  $why"
	while [ $# -gt 1 ]; do
		echo "  $2:"
		sed -n 's/^/    | /; 1,40p' "$1"
		shift 2
	done
}

# In the foreground, so that Ctrl-C reaches it; what a command that takes too
# long has started is found among what it left.
run_command() { # N
	(
		cd "$work/cwd" || exit
		export RACELAB_TEST="$mark" HOME="$work/cwd" TMPDIR="$work/cwd"
		exec timeout --foreground -k 5 "$limit" sh -c "$(cat "$work/case/$1.command")"
	) </dev/null >"$work/out" 2>"$work/err"
	status=$?
}

check_status() { # N
	want=$(cat "$work/case/$1.status" 2>/dev/null || echo 0)
	case "|$want|" in
	*"|$status|"*) return ;;
	esac
	if [ "$status" -eq 124 ]; then
		fail "line $line: it took longer than $limit s"
	else
		fail "line $line: status $status, and not $want" \
			"$work/out" 'standard output' "$work/err" 'standard error'
	fi
}

check_text() { # WANT GOT NAME
	LC_ALL=C awk "$fits" "$1" "$2" ||
		fail "line $line: $3 is not what it must be" "$1" expected "$2" seen
}

check_left() {
	left=$(sh "$here/leftovers.sh" "$mark" "$work/before") && return
	printf '%s\n' "$left" >"$work/left"
	fail "line $line: something was left behind" "$work/left" left
	kill_left "$left"
}

run_case() { # FILE
	n=1
	while [ -z "$bad" ] && [ -f "$work/case/$n.command" ]; do
		line=$(cat "$work/case/$n.line")
		run_command "$n"
		check_status "$n"
		check_text "$work/case/$n.out" "$work/out" 'standard output'
		check_text "$work/case/$n.err" "$work/err" 'standard error'
		check_left
		n=$((n + 1))
	done
}

for case in "$@"; do
	[ -f "$case" ] || die "no case $case"
	rm -rf "$work/case"
	chmod -R u+rwX "$work/cwd" 2>/dev/null
	rm -rf "$work/cwd"
	mkdir "$work/case" "$work/cwd" || exit
	bad=
	title='what is it about?'
	if ! LC_ALL=C awk -v dir="$work/case" "$parse" "$case"; then
		line=0
		fail 'a case has a title, then commands and what they must give'
	else
		title=$(cat "$work/case/title")
		why=
		[ ! -f "$work/case/skip" ] || why=$(sh "$work/case/skip")
		if [ -n "$why" ]; then
			skipped=$((skipped + 1))
			echo "skipped: ${case##*/}: $why"
			continue
		fi
		[ -z "${V:-}" ] || echo "${case##*/}: $title"
		run_case
	fi
	if [ -z "$bad" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
done

[ $((passed + failed + skipped)) -gt 0 ] || die 'no cases'
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
