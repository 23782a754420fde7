#!/bin/sh
# run.sh RACELAB: does the documentation say what is so?  RACELAB is the program,
# or the folder that it was built into.
#
# - Every command in a ```console block (a line that begins with "$ ", and those
#   with "> " that follow) ends with status 0, or with what the comment at its
#   end says: "# status 2", or "# status 0 or 6".  It runs in a copy of the
#   sources, one copy for each page, with the given racelab first in PATH.  A block
#   that opens with ```c FILE is put into FILE first, as a reader would; where the
#   sources have such a FILE, it must be the same.  To save
#   time, make is only asked what it would do (-n) where it has a target, and
#   trials are fewer and shorter than the page says, unless something is expected
#   of them.  So do the manual's examples.
# - Every option of racelab that a page, or the manual, names is in the help of
#   that command, and the manual has each command and each option of the help.
# - docs/records.md has the fields that records have, and no others.
# - docs/strategies.md has a row for each strategy, and for no other.
# - Every relative link leads somewhere.
#
# Ends 0, 1 when something failed, 2 for wrong usage.
set -u

die() {
	printf 'racelab: docs/run.sh: %s\n' "$*" >&2
	exit 2
}

[ $# -eq 1 ] || die 'usage: run.sh RACELAB'
[ ! -d "$1" ] || set -- "$1/racelab"
if [ ! -f "$1" ] || [ ! -x "$1" ]; then
	die "no program $1: build first"
fi
racelab=$(readlink -f "$1") || exit
cd "$(dirname "$0")/../.." || exit
top=$(pwd)
pages=$(find README.md CONTRIBUTING.md CHANGELOG.md docs plots -name '*.md' | sort)
manual=docs/man/racelab.h2m

LC_ALL=C TERM=dumb
export LC_ALL TERM
unset NO_COLOR CDPATH ARGP_HELP_FMT

work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$work/bin" "$work/help"
ln -s "$racelab" "$work/bin/racelab"
PATH=$work/bin:$PATH
: >"$work/results" # a line for each check: "ok", or "FAILED: why"

ok() {
	echo ok >>"$work/results"
}
fail() { # WORD...
	echo "FAILED: $*" | tee -a "$work/results"
}

# --- commands ---------------------------------------------------------------

# Splits a page into numbered files: N.command, N.line, and N.file with N.text
# for a block that belongs into a file.
# shellcheck disable=SC2016 # these dollars are awk's
split='
/^```/ {
	console = /^```console$/ && !open
	text = 0
	if (!open && NF == 2 && $1 ~ /^```[a-z]+$/) {
		text = ++n
		print $2 >(dir "/" n ".file")
		printf "" >(dir "/" n ".text")
	}
	open = !open
	next
}
text { print >(dir "/" text ".text") }
console && /^\$ / {
	n++
	print substr($0, 3) >(dir "/" n ".command")
	print FNR >(dir "/" n ".line")
	command = 1
	next
}
console && command && /^> / {
	print substr($0, 3) >(dir "/" n ".command")
	next
}
{ command = 0 }
END {
	exit open
}
'

# As it was built, so that only what the page adds is compiled.
copy_sources() { # TARGET
	mkdir -p "$1/build" "$1/results" &&
		cp -Rp .clang-format LICENSE Makefile ./*.md docs harness plots sync tests \
			"$1" || return
	[ ! -d results/reference ] || cp -Rp results/reference "$1/results" || return
	[ ! -d build/deps ] || cp -Rp build/deps "$1/build" || return
	case $racelab in
	"$top"/build/*/racelab)
		variant=${racelab%/racelab}
		cp -Rp "$variant" "$1/build" &&
			ln -s "${variant##*/}/racelab" "$1/build/racelab"
		;;
	esac
}

# What make was told on its command line (CC=clang ...) holds here, too; its job
# server does not reach us.
make_flags() {
	case ${MAKEFLAGS-} in
	*' -- '*) printf ' -- %s' "${MAKEFLAGS#* -- }" ;;
	esac
}

# Trials of 5 ms, and two of them, also where the page leaves it to the program.
shorten() { # COMMAND
	short=$(echo "$1" | sed 's/ -t [0-9][0-9]*/ -t 5/; s/ -r [0-9][0-9]*/ -r 2/')
	case $short in
	*'racelab run '* | *'racelab compare'* | *'racelab loss'* | *'racelab ipc'*) ;;
	*)
		echo "$short"
		return
		;;
	esac
	add=
	case $short in
	*' -r '* | *--vs*) ;;
	*) add=' -r 2' ;;
	esac
	case $short in
	*' -t '* | *' -n '* | *--list*) ;;
	*) add="$add -t 5" ;;
	esac
	echo "$short" |
		sed "s/racelab \(run\|compare\|loss\|ipc\)/racelab \1$add/"
}

run_command() { # COMMAND FOLDER
	(
		cd "$2" || exit
		MAKEFLAGS=$(make_flags) HOME=$work
		export MAKEFLAGS HOME
		unset MFLAGS MAKELEVEL
		exec timeout 60 sh -c "$1"
	) </dev/null >"$work/out" 2>&1
}

check_command() { # PAGE LINE COMMAND FOLDER
	command=$3
	want=0
	case $command in
	*'# status '*)
		want=${command##*'# status '}
		command=${command%'# status '*}
		;;
	*--expect*) ;;
	make) ;;
	make\ *) command="make -n ${command#make }" ;;
	*) command=$(shorten "$command") ;;
	esac
	program=${command%% *}
	if [ "$program" = "${program#*/}" ] && ! command -v "$program" >/dev/null; then
		echo "skipped: $1:$2: $program is not here"
		return
	fi
	run_command "$command" "$4"
	status=$?
	case " $want " in
	*" $status "*) ok ;;
	*)
		fail "$1:$2: status $status, and not $want: $command"
		sed 's/^/  | /; 20q' "$work/out"
		;;
	esac
}

put_file() { # PAGE FILE TEXT
	if [ ! -f "$top/$2" ]; then
		cp "$3" "$work/copy/$2"
	elif cmp -s "$top/$2" "$3"; then
		ok
	else
		fail "$1: $2 is another one than here"
	fi
}

check_page() { # PAGE
	rm -rf "$work/split" "$work/copy"
	mkdir "$work/split"
	awk -v dir="$work/split" "$split" "$1" || {
		fail "$1: a block is not closed"
		return
	}
	n=1
	while [ -f "$work/split/$n.command" ] || [ -f "$work/split/$n.file" ]; do
		if [ ! -d "$work/copy" ]; then
			copy_sources "$work/copy" || die 'cannot copy the sources'
		fi
		if [ -f "$work/split/$n.file" ]; then
			put_file "$1" "$(cat "$work/split/$n.file")" "$work/split/$n.text"
		else
			check_command "$1" "$(cat "$work/split/$n.line")" \
				"$(cat "$work/split/$n.command")" "$work/copy"
		fi
		n=$((n + 1))
	done
}

# --- options ----------------------------------------------------------------

commands() {
	"$racelab" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

# The options in a help text, one a line: "--pin", "-w".
options_of() { # COMMAND
	sed -n 's/^ *\(-.\), --.*/\1/p' "$work/help/$1"
	sed -n 's/^ *\(-., \)\{0,1\} *\(--[a-z-]*\).*/\2/p' "$work/help/$1"
}

has_option() { # OPTION COMMAND
	case $1 in
	--help | --usage | '-?') return 0 ;;
	esac
	options_of "$2" | grep -qxe "$1"
}

# What a page says of racelab, one a line: command lines, and what stands alone
# between back-ticks.  A command line ends where another program begins.
# shellcheck disable=SC2016 # back-ticks and dollars are for sed and awk
said_on() { # PAGE
	awk '
	/^```/ { console = /^```console$/ && !open; open = !open; next }
	console && /^\$ / { print substr($0, 3) }
	open { next }
	{
		n = split($0, part, "`")
		for (i = 2; i <= n; i += 2)
			print part[i]
	}' "$1" | sed -n 's/ *[|#>].*//; s,^build/racelab,racelab,; /^racelab /p; /^--[a-z]/p'
}

check_said() { # PAGE LINE
	set -f # a pattern is text here
	# shellcheck disable=SC2086 # words are what is wanted
	set -- "$1" $2
	set +f
	page=$1 command=
	shift
	if [ "$1" = racelab ]; then
		command=${2-}
		shift
		case $command in
		--help | --version | help) return ;;
		esac
		if [ ! -f "$work/help/$command" ]; then
			fail "$page: there is no 'racelab $command'"
			return
		fi
		shift
	fi
	for word in "$@"; do
		case $word in
		--[a-z]* | -[a-z]) ;;
		*) continue ;;
		esac
		found=
		for each in ${command:-$(commands)}; do
			! has_option "${word%%[=[]*}" "$each" || found=yes
		done
		if [ "$found" ]; then
			ok
		else
			fail "$page: 'racelab ${command:-CMD}' has no option ${word%%[=[]*}"
		fi
	done
}

# --- the manual -------------------------------------------------------------

# The text of the manual's part on one command, or of a section, without roff.
manual_part() { # PATTERN: what its .SS or [SECTION] line begins with
	awk -v want="$1" '
	/^\.SS |^\[/ { on = index($0, want) == 1 }
	on' "$manual" | sed 's/\\-/-/g; s/\\f[BIR]//g'
}

# Each option of a help is in its part of the manual, or is shared; and back.
check_manual() { # COMMAND
	part=$(manual_part ".SS \"racelab $1")
	if [ -z "$part" ]; then
		fail "$manual: nothing about 'racelab $1'"
		return
	fi
	ok
	usage=$("$racelab" "$1" --help | sed -n 's/^Usage: //p')
	if echo "$part" | grep -qxFe ".SS \"$usage\""; then
		ok
	else
		fail "$manual: 'racelab $1' does not begin with '$usage'"
	fi
	shared=$(manual_part '[SHARED OPTIONS]')
	for option in $(options_of "$1"); do
		if printf '%s\n' "$part" "$shared" | grep -Fqe "$option"; then
			ok
		else
			fail "$manual: $option of 'racelab $1' is missing"
		fi
	done
	for option in $(echo "$part" | grep -o -e '--[a-z][a-z-]*' | sort -u); do
		if has_option "$option" "$1"; then
			ok
		else
			fail "$manual: 'racelab $1' has no option $option"
		fi
	done
}

# The commands under EXAMPLES, one after the other in one folder.
check_examples() {
	mkdir "$work/examples"
	manual_part '[EXAMPLES]' | sed -n 's/^\.B racelab /racelab /p' >"$work/lines"
	while read -r line; do
		case $line in
		*--expect*) line="$line # status 0 or 6" ;;
		esac
		check_command "$manual" EXAMPLES "$line" "$work/examples"
	done <"$work/lines"
}

# --- records ----------------------------------------------------------------

check_records() {
	page=docs/records.md
	# shellcheck disable=SC2016 # back-ticks are Markdown's
	fields=$(sed -n 's/^| \(`[^|]*\) |.*/\1/p' "$page" |
		grep -o '[a-z_0-9]*' | sort -u)
	{
		"$racelab" compare none atomic batched -w 1 -t 5 -r 1 --latency --where -q --json \
			--plot="$work/figures"
		"$racelab" loss -w 2 -t 5 -r 1 --outside=0 --json
		"$racelab" loss --tune=1 --json 2>/dev/null
		"$racelab" compare --vs none atomic -w 1 -n 10 -r 2 -q --json
		"$racelab" ipc pipe --sizes=64 -t 1 -r 1 -q --json
		for command in 'ipc --list' list doctor gc version; do
			# shellcheck disable=SC2086 # words are what is wanted
			"$racelab" $command --json
		done
		# Both end with status 1: they show a bug.
		found=$("$racelab" explore none -w 2 -k 1 --outcomes --json)
		echo "$found"
		"$racelab" replay --json \
			"$(echo "$found" | sed 's/.*"witness":"\([^"]*\)".*/\1/')"
		[ -n "$found" ]
	} >"$work/records" || fail "$page: racelab --json: status $?"
	keys=$(grep -o '"[a-z_0-9]*":' "$work/records" | tr -d '":' | sort -u)
	for field in $fields; do
		if printf '%s\n' "$keys" | grep -qx "$field"; then
			ok
		else
			fail "$page: no record has a field $field"
		fi
	done
	for key in $keys; do
		# An interval has no table.
		if printf '%s\n' "$fields" median low high | grep -qx "$key"; then
			ok
		else
			fail "$page: the field $key is missing"
		fi
	done
}

# --- strategies -------------------------------------------------------------

# Each has a row that begins with a link to it, and no other row does.
check_strategies() {
	page=docs/strategies.md
	# shellcheck disable=SC2016 # back-ticks are Markdown's
	sed -n 's,^| \[`\([a-z_0-9]*\)`\](../sync/\1\.c) |.*,\1,p' "$page" |
		sort >"$work/rows"
	"$racelab" list | sed 's/ .*//' | sort >"$work/strategies"
	if cmp -s "$work/rows" "$work/strategies"; then
		ok
	else
		fail "$page: its rows are not the strategies of racelab list"
		diff "$work/rows" "$work/strategies" | sed -n 's/^[<>]/  &/p'
	fi
}

# --- links ------------------------------------------------------------------

# "## The measures" is #the-measures, as GitHub makes it.
anchors() { # PAGE
	sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' |
		sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

check_links() { # PAGE
	folder=$(dirname "$1")
	awk '/^```/ { open = !open } !open' "$1" | grep -o '](\([^)]*\))' |
		sed 's/^](//; s/)$//' >"$work/links"
	while read -r link; do
		case $link in
		*://* | mailto:*) continue ;;
		esac
		file=${link%%#*}
		[ -n "$file" ] || file=$(basename "$1")
		if [ ! -e "$folder/$file" ]; then
			fail "$1: $link leads nowhere"
		elif [ "$link" != "${link#*#}" ] &&
			! anchors "$folder/$file" | grep -qxFe "${link#*#}"; then
			fail "$1: $link: there is no such heading"
		else
			ok
		fi
	done <"$work/links"
}

for command in $(commands); do
	"$racelab" "$command" --help >"$work/help/$command" ||
		fail "racelab $command --help: status $?"
	check_manual "$command"
done
check_examples
check_records
check_strategies
for page in $pages; do
	check_links "$page"
	said_on "$page" >"$work/said"
	while read -r line; do
		check_said "$page" "$line"
	done <"$work/said"
	check_page "$page"
done

passed=$(grep -cx ok "$work/results")
failed=$(grep -c '^FAILED' "$work/results")
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
