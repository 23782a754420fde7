#!/bin/sh
# Runs harness/tools/deps.sh on machines that exist only as a folder of stubs:
# PATH holds nothing else, so nothing is installed and nothing is found by luck.
set -u
cd "$(dirname "$0")/../.." || exit
deps=$PWD/harness/tools/deps.sh
work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
export work
passed=0
failed=0
programs='objcopy gnuplot clang clang-format clang-tidy cppcheck shellcheck help2man'
# Of the compiler: headers, and a library that has none.
headers='jansson.h Rmath.h elfutils/libdw.h gelf.h xxhash.h libboost_context.a criterion/criterion.h'

stub() { # NAME, with the body on standard input
	{ echo '#!/bin/sh' && cat; } >"$work/bin/$1"
	chmod +x "$work/bin/$1"
}

# machine MANAGER UID: everything is there, and nothing has been called yet.
machine() {
	rm -rf "${work:?}/bin" "$work/include"
	mkdir -p "$work/bin" "$work/include/criterion" "$work/include/elfutils"
	: >"$work/log"
	ln -s "$(command -v env)" "$work/bin/env"
	echo "echo $2" | stub id
	stub cc <<-'END'
		for word in "$@"; do
			case $word in
			-l:*) [ -e "$work/include/${word#-l:}" ] || exit 1 ;;
			esac
		done
		while read -r word name; do
			name=${name#<}
			[ "$word" != '#include' ] || [ -e "$work/include/${name%>}" ] || exit 1
		done
	END
	[ "$1" = none ] || manager "$1" <"$work/install"
	for program in $programs; do
		stub "$program" </dev/null
	done
	for header in $headers; do
		: >"$work/include/$header"
	done
}

# What a package brings: Debian's names, then Fedora's.  Put in place with
# builtins, because the stubs see no other program.
cat >"$work/install" <<'END'
echo "${0##*/} $*" >>"$work/log"
[ "${DEBIAN_FRONTEND-}" = noninteractive ] || [ "${0##*/}" != apt-get ] ||
	echo 'apt-get may ask questions' >>"$work/log"
[ ! -e "$work/bin/slow" ] || /bin/sleep 1
[ ! -e "$work/bin/broken" ] || exit 100
[ ! -e "$work/bin/useless" ] || exit 0
for package in "$@"; do
	case $package in
	libjansson-dev | jansson-devel) : >"$work/include/jansson.h" ;;
	r-mathlib | libRmath-devel) : >"$work/include/Rmath.h" ;;
	libdw-dev | elfutils-devel) : >"$work/include/elfutils/libdw.h" ;;
	libelf-dev | elfutils-libelf-devel) : >"$work/include/gelf.h" ;;
	libxxhash-dev | xxhash-devel) : >"$work/include/xxhash.h" ;;
	libboost-context-dev | boost-static) : >"$work/include/libboost_context.a" ;;
	binutils) link objcopy ;;
	libcriterion-dev | criterion-devel) : >"$work/include/criterion/criterion.h" ;;
	clang-tools-extra)
		for program in clang-format clang-tidy; do
			link "$program"
		done ;;
	gnuplot-nox) link gnuplot ;;
	gnuplot | clang | clang-format | clang-tidy | cppcheck | help2man)
		link "$package" ;;
	shellcheck | ShellCheck) link shellcheck ;;
	esac
done
END
manager() { # NAME
	{
		# shellcheck disable=SC2016 # the stub's
		printf 'link() { "%s" -s id "$work/bin/$1"; }\n' "$(command -v ln)"
		cat
	} | stub "$1"
}

lacks() {
	for thing in "$@"; do
		rm "$work/bin/$thing" 2>/dev/null || rm "$work/include/$thing"
	done
}

# run GROUP...: deps.sh on the machine; leaves status, out, err and log
run() {
	PATH=$work/bin "$deps" "$@" >"$work/out" 2>"$work/err"
	status=$?
}

# expect TITLE STATUS OUT ERR LOG: all of it, to the letter
expect() {
	if [ "$status" -eq "$2" ] && [ "$(cat "$work/out")" = "$3" ] &&
		[ "$(cat "$work/err")" = "$4" ] && [ "$(cat "$work/log")" = "$5" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1: status $status, wanted $2" >&2
		(cd "$work" && tail -n 20 out err log) >&2
	fi
}

apt_log() { # PACKAGES
	echo 'apt-get -q update'
	echo "apt-get install -y --no-install-recommends $1 -q -o DPkg::Lock::Timeout=120"
}

unset CC CPPFLAGS

for group in build plot test lint man all 'build test lint'; do
	machine apt-get 1000
	# shellcheck disable=SC2086 # one of them is three words
	run $group
	expect "everything is there: $group" 0 '' '' ''
done

machine apt-get 0
lacks jansson.h criterion/criterion.h gnuplot
run test
expect 'root: what is missing, and no more' 0 \
	'deps: missing jansson, Criterion: installing libjansson-dev libcriterion-dev' \
	'' "$(apt_log 'libjansson-dev libcriterion-dev')"
run build
expect 'root: the second time there is nothing to do' 0 '' '' \
	"$(apt_log 'libjansson-dev libcriterion-dev')"

everything='libjansson-dev r-mathlib libdw-dev libelf-dev libxxhash-dev libboost-context-dev binutils libcriterion-dev gnuplot-nox clang clang-format clang-tidy cppcheck shellcheck help2man'
names='jansson, R-mathlib, libdw, libelf, xxHash, Boost.Context, binutils, Criterion, gnuplot, clang, clang-format, clang-tidy, cppcheck, shellcheck, help2man'
machine apt-get 0
# shellcheck disable=SC2086 # lists of words
lacks $headers $programs
run all
expect 'root: everything' 0 "deps: missing $names: installing $everything" '' \
	"$(apt_log "$everything")"

machine apt-get 1000
lacks Rmath.h
# shellcheck disable=SC2016 # the stub's
printf '%s\n' 'echo "sudo $*" >>"$work/log"' '"$@"' | stub sudo
run build
expect 'with sudo' 0 'deps: missing R-mathlib: installing r-mathlib' '' \
	"$(apt_log r-mathlib | sed 'h
s/^/sudo env DEBIAN_FRONTEND=noninteractive /
G')"

machine apt-get 1000
lacks jansson.h Rmath.h
run build
expect 'neither root nor sudo' 3 '' \
	'racelab: deps: missing jansson, R-mathlib; as root, type:
apt-get update && apt-get install -y --no-install-recommends libjansson-dev r-mathlib' ''

machine dnf 0
# shellcheck disable=SC2086 # lists of words
lacks $headers $programs
run all
packages='jansson-devel libRmath-devel elfutils-devel elfutils-libelf-devel xxhash-devel boost-static binutils criterion-devel gnuplot clang clang-tools-extra cppcheck ShellCheck help2man'
expect 'Fedora, each package once' 0 "deps: missing $names: installing $packages" '' \
	"dnf install -y --setopt=install_weak_deps=False $packages"

machine dnf 1000
lacks gnuplot
run plot
expect 'Fedora, neither root nor sudo' 3 '' \
	'racelab: deps: missing gnuplot; as root, type:
dnf install -y --setopt=install_weak_deps=False gnuplot' ''

machine apt-get 0
lacks help2man
: >"$work/bin/broken"
run man
expect 'the installation fails' 3 'deps: missing help2man: installing help2man' \
	'racelab: deps: failed: apt-get install -y --no-install-recommends help2man' \
	"$(apt_log help2man)"

machine apt-get 0
lacks help2man
: >"$work/bin/useless"
run man
expect 'the installation changes nothing' 3 \
	'deps: missing help2man: installing help2man' \
	"racelab: deps: still missing after 'apt-get install -y --no-install-recommends help2man': help2man" \
	"$(apt_log help2man)"

machine none 0
lacks jansson.h Rmath.h
run build
expect 'another system' 3 '' \
	'racelab: deps: missing jansson, R-mathlib; no apt-get or dnf here: install them by hand' ''

machine apt-get 0
lacks cc jansson.h
run build
expect 'no compiler' 3 '' \
	'racelab: deps: no C compiler: cc not found (install gcc, or set CC)' ''
run plot
expect 'no compiler, and none needed' 0 '' '' ''

machine apt-get 0
lacks jansson.h
# shellcheck disable=SC2016 # the stub's
echo '[ "$1 $2" = "one -I/two" ] && exit 0; exit 1' | stub mycc
CC='mycc one' CPPFLAGS=-I/two run build
expect 'CC and CPPFLAGS are honored' 0 '' '' ''

machine apt-get 0
lacks libboost_context.a
# shellcheck disable=SC2016 # the stub's
echo '[ "$1 $2 $3" = "one -I/two -L/three" ] && exit 0; [ "$3" = -E ]' | stub mycc
CC='mycc one' CPPFLAGS=-I/two LDFLAGS=-L/three run build
expect 'LDFLAGS is honored' 0 '' '' ''

machine apt-get 0
run
expect 'no group' 2 '' \
	'racelab: deps: usage: deps.sh GROUP... (build plot test lint man all)' ''
run build tset
expect 'an unknown group' 2 '' \
	"racelab: deps: unknown group 'tset' (build plot test lint man all)" ''

# As make -j does.  The first holds the lock while it installs; the second, in
# whatever order they come, finds nothing left to do.
if command -v flock >/dev/null; then
	machine apt-get 0
	lacks jansson.h
	ln -s "$(command -v flock)" "$work/bin/flock"
	: >"$work/bin/slow"
	PATH=$work/bin "$deps" build >"$work/out2" 2>"$work/err2" &
	run test
	wait "$!" || status=$?
	cat "$work/out2" >>"$work/out"
	cat "$work/err2" >>"$work/err"
	expect 'two at once' 0 'deps: missing jansson: installing libjansson-dev' '' \
		"$(apt_log libjansson-dev)"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
