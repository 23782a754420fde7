#!/bin/sh
# check-layers.sh ROOT [OBJDIR]: does an include, or a call, point the wrong way?
#
# Each layer may use only what stands before it in $order; the layers in $beside
# do not use one another, except that record may use run/result.  sync/ is libc
# and itself.  Libraries neither print nor exit.  Includes are read from the
# sources under ROOT.  Calls are read with nm (NM) from the objects in OBJDIR,
# where ROOT's harness/run/spec.c is harness/run/spec.o; sources that were not
# compiled there are not looked at.
# Ends 0, 1 with one line a violation, 2 for wrong usage.
set -u
LC_ALL=C
export LC_ALL

order='sync base target run record stats explore ipc fault grade lab view cmd main labs tests'
beside='run record stats explore ipc'

# What sync/ may include in angle brackets: C, POSIX, glibc and the kernel.
libc='aio alloca assert complex ctype dlfcn endian errno fcntl fenv float
	inttypes iso646 limits locale malloc math mqueue poll pthread sched semaphore
	setjmp signal spawn stdalign stdarg stdatomic stdbool stddef stdint stdio
	stdlib stdnoreturn string strings tgmath threads time uchar ucontext unistd
	wchar wctype'

# What prints or ends the process, as the names that objects ask for.  Writing
# to another stream is fine, so fprintf is not here but stdout and stderr are.
# With _FORTIFY_SOURCE printf is __printf_chk.
speech='exit quick_exit printf vprintf __printf_chk __vprintf_chk puts putchar
	putchar_unlocked perror psignal psiginfo stdout stderr err errx verr verrx
	warn warnx vwarn vwarnx error error_at_line'

# Shared by the two readings below; expects order, beside, libc, speech.
rules='
function fill(set, words,    n, i, word) {
	n = split(words, word)
	for (i = 1; i <= n; i++)
		set[word[i]] = i
}
BEGIN {
	fill(rank, order)
	fill(sibling, beside)
	fill(is_libc, libc)
	fill(speaks, speech)
}
# The layer of a file named from ROOT; empty when it stands in none.
function layer(file,    part) {
	split(file, part, "/")
	if (part[1] ~ /^(sync|labs|tests)$/)
		return part[1]
	if (file == "registry.c") # generated, from sync/
		return "sync"
	if (file ~ /^harness\/main\.[ch]$/)
		return "main"
	if (part[1] == "harness" && part[3] != "" && part[2] in rank &&
	    part[2] !~ /^(sync|main|labs|tests)$/)
		return part[2]
	return ""
}
# Empty when FROM may use TO, else why not.
function objection(from, to,    a, b) {
	a = layer(from)
	b = layer(to)
	if (b == "")
		return to " stands in no layer"
	if (a == "record" && to ~ /^harness\/run\/result\.[ch]$/)
		return ""
	if (a == b || rank[b] < rank[a] && !(a in sibling && b in sibling))
		return ""
	if (a in sibling && b in sibling)
		return "layers " a " and " b " stand side by side"
	return "layer " a " stands before layer " b
}
function complain(text) {
	print text
	bad = 1
}
'

# Reads the names of all sources, then each source.
# shellcheck disable=SC2016 # these dollars are awk's
includes='
{
	source[$0] = 1
	list[NR] = $0
}
END {
	for (i = 1; i <= NR; i++)
		if (layer(list[i]) == "")
			complain(list[i] ": stands in no layer")
		else
			read(list[i])
	exit bad
}
function read(file,    line, quoted) {
	while ((getline line < file) > 0) {
		if (line !~ /^[ \t]*#[ \t]*include[ \t]*["<]/)
			continue
		quoted = line ~ /^[^"<]*"/
		sub(/^[^"<]*["<]/, "", line)
		sub(/[">].*$/, "", line)
		include(file, line, quoted)
	}
	close(file)
}
function include(file, name, quoted,    to, why) {
	to = resolve(file, name, quoted)
	why = to == "" ? outside(file, name, quoted) : objection(file, to)
	if (why != "")
		complain(file ": may not include " name ": " why)
}
# The included file named from ROOT, or empty when it is none of ours.
function resolve(file, name, quoted,    near) {
	if (name == "racelab.h") # found without a flag of the student
		return "harness/target/racelab.h"
	if (name ~ /^(sync|harness|labs|tests)\//)
		return name
	near = file
	sub(/[^\/]*$/, "", near)
	near = near name
	gsub(/\/\.\//, "/", near)
	while (sub(/[^\/]+\/\.\.\//, "", near))
		;
	return quoted && near in source ? near : ""
}
# Why FILE may not include NAME, a header of libc or of a library, or empty.
function outside(file, name, quoted,    from, stem) {
	from = layer(file)
	stem = name
	sub(/\.h$/, "", stem)
	if (from == "sync" && (quoted ||
	    !(stem in is_libc || name ~ /^(sys|linux|asm)\//)))
		return "sync is libc and itself"
	if (name == "Rmath.h" && from != "stats")
		return "only harness/stats may"
	if (name ~ /^criterion\// && from != "tests")
		return "only tests may"
	if (name ~ /^(elfutils\/.*|dwarf|gelf|libelf)\.h$/ && from != "target")
		return "only harness/target may"
	if (name == "xxhash.h" && from != "explore")
		return "only harness/explore may"
	if (name == "jansson.h" && from ~ /^(sync|base|run|stats)$/)
		return "not in layer " from
	return ""
}
'

# Reads lines of nm -A -P -g: "harness/run/spec.o: name type ...".
# shellcheck disable=SC2016 # these dollars are awk's
calls='
{
	file = $1
	sub(/\.o:$/, ".c", file)
	if ($3 ~ /^[Uvw]$/)
		use[++uses] = file SUBSEP $2
	else
		definers[$2] = definers[$2] " " file
}
END {
	for (i = 1; i <= uses; i++) {
		split(use[i], part, SUBSEP)
		call(part[1], part[2])
	}
	exit bad
}
# Several programs may define the same name: one that may be used is enough.
function call(file, name,    n, i, definer, why) {
	if (name in definers && name ~ /^__/)
		return # __tsan_read8 and its kind: the compiler calls, not the author
	if (name in definers) {
		n = split(definers[name], definer)
		for (i = 1; i <= n; i++) {
			why = objection(file, definer[i])
			if (why == "")
				return
		}
		complain(file ": may not call " name " of " definer[1] ": " why)
	} else if (name in speaks && rank[layer(file)] < rank["cmd"]) {
		complain(file ": may not call " name ": libraries neither print nor exit")
	}
}
'

die() {
	printf 'racelab: check-layers: %s\n' "$*" >&2
	exit 2
}

one_line() { # awk -v takes no line breaks
	echo "$1" | tr '\n' ' '
}

judge() { # PROGRAM
	awk -v order="$order" -v beside="$beside" -v libc="$(one_line "$libc")" \
		-v speech="$(one_line "$speech")" "$rules $1"
}

# An object whose source is gone is a leftover of an older build.
with_source() {
	while read -r object; do
		object=${object#./}
		if [ -f "${object%.o}.c" ] || [ "$object" = registry.o ]; then
			echo "$object"
		fi
	done
}

check_calls() {
	nm=${NM:-nm}
	command -v "$nm" >/dev/null 2>&1 || die "no $nm here (it comes with binutils)"
	found=$(cd "$objects" && find . -name '*.o' | sort)
	found=$(echo "$found" | with_source)
	[ -n "$found" ] || die "no objects in $objects: build first"
	symbols=$(cd "$objects" && echo "$found" | xargs "$nm" -A -P -g) ||
		die "$nm cannot read the objects in $objects"
	echo "$symbols" | judge "$calls"
}

[ $# -eq 1 ] || [ $# -eq 2 ] || die 'usage: check-layers.sh ROOT [OBJDIR]'
objects=
if [ $# -eq 2 ]; then
	objects=$(cd "$2" 2>/dev/null && pwd) || die "no folder $2"
fi
cd "$1" 2>/dev/null || die "no folder $1"

status=0
# A folder that is not there yet is no error.
sources=$(find sync harness labs tests -name '*.[ch]' -type f 2>/dev/null | sort)
[ -n "$sources" ] || die "no sources in $1"
echo "$sources" | judge "$includes" || status=1
[ -z "$objects" ] || check_calls || status=1
exit "$status"
