#!/bin/sh
# deps.sh GROUP...: see that what racelab needs is here, and install what is not.
#
# Groups: build, plot, test, lint, man, all.  Nothing is printed when nothing is
# missing.  A library is looked for with the compiler and a program in PATH, not
# in a package database, so that one built by hand counts as well; CC, CPPFLAGS
# and LDFLAGS are honored.  Ends 0, 2 for wrong usage, 3 when something is missing
# that could not be installed.
set -u

# name, groups, how to look for it, what to look for, Debian package, Fedora's
table='
jansson       build,test header  jansson.h             libjansson-dev       jansson-devel
R-mathlib     build,test header  Rmath.h               r-mathlib            libRmath-devel
libdw         build,test header  elfutils/libdw.h      libdw-dev            elfutils-devel
libelf        build,test header  gelf.h                libelf-dev           elfutils-libelf-devel
xxHash        build,test header  xxhash.h              libxxhash-dev        xxhash-devel
Boost.Context build,test library -l:libboost_context.a libboost-context-dev boost-static
binutils      build,test program objcopy               binutils             binutils
Criterion     test       header  criterion/criterion.h libcriterion-dev     criterion-devel
gnuplot       plot       program gnuplot               gnuplot-nox          gnuplot
clang         lint       program clang                 clang                clang
clang-format  lint       program clang-format          clang-format         clang-tools-extra
clang-tidy    lint       program clang-tidy            clang-tidy           clang-tools-extra
cppcheck      lint       program cppcheck              cppcheck             cppcheck
shellcheck    lint       program shellcheck            shellcheck           ShellCheck
help2man      man        program help2man              help2man             help2man
'

die() { # STATUS WORD...
	status=$1
	shift
	printf 'racelab: deps: %s\n' "$*" >&2
	exit "$status"
}

chosen() { # GROUP,GROUP...: is one of them asked for?
	for group in $groups; do
		case ,$1,all, in
		*,"$group",*) return 0 ;;
		esac
	done
	return 1
}

# CC and CPPFLAGS may hold several words each.  Rmath.h without its define asks
# for headers of R itself; the other headers do not know it.
# shellcheck disable=SC2086
have_header() {
	printf '#define MATHLIB_STANDALONE\n#include <%s>\n' "$1" |
		${CC:-cc} ${CPPFLAGS:-} -E -x c - >/dev/null 2>&1
}

# A library without a header of C.
# shellcheck disable=SC2086
have_library() {
	echo 'int main(void) { return 0; }' |
		${CC:-cc} ${CPPFLAGS:-} ${LDFLAGS:-} -x c - -o /dev/null "$1" >/dev/null 2>&1
}

have_compiler() {
	command -v "${1:-cc}" >/dev/null 2>&1
}

have() { # KIND WHAT
	case $1 in
	program) command -v "$2" >/dev/null 2>&1 ;;
	# Without a compiler every library would seem to be missing.
	header | library)
		# shellcheck disable=SC2086
		have_compiler ${CC:-cc} ||
			die 3 "no C compiler: ${CC:-cc} not found (install gcc, or set CC)"
		"have_$1" "$2"
		;;
	esac
}

add_word() { # LIST WORD: the list with the word at its end, once
	case " $1 " in
	*" $2 "*) echo "$1" ;;
	*) echo "${1:+$1 }$2" ;;
	esac
}

# Sets missing (names) and packages (what this machine's manager calls them).
find_missing() {
	missing=
	packages=
	while read -r name in_groups kind what debian fedora; do
		if [ -z "$name" ] || ! chosen "$in_groups" || have "$kind" "$what"; then
			continue
		fi
		missing="${missing:+$missing, }$name"
		case $manager in
		apt-get) packages=$(add_word "$packages" "$debian") ;;
		dnf) packages=$(add_word "$packages" "$fedora") ;;
		esac
	done <<-END
	$table
	END
}

# Two at once (make -j) would fail on apt's list lock, which no option waits for.
# The loser of this lock finds everything installed.  A network file system may
# refuse it: then apt decides.
take_lock() {
	command -v flock >/dev/null 2>&1 || return 0
	exec 9<"$0"
	flock 9 2>/dev/null || return 0
}

as_root() { # the lock must not outlive us in a service that a package starts
	if [ "$(id -u)" -eq 0 ]; then
		"$@" </dev/null 9<&-
	else
		sudo "$@" </dev/null 9<&-
	fi
}

# Packages and commands are lists of plain words, split on purpose.
# shellcheck disable=SC2086
install_packages() {
	case $manager in
	apt-get)
		# A stale list names files that the mirror no longer has.  If the
		# update fails, apt says so, and the install below decides.
		as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update
		as_root env DEBIAN_FRONTEND=noninteractive \
			$install -q -o DPkg::Lock::Timeout=120
		;;
	dnf)
		as_root $install
		;;
	esac
}

[ $# -gt 0 ] || die 2 'usage: deps.sh GROUP... (build plot test lint man all)'
for group in "$@"; do
	case $group in
	build | plot | test | lint | man | all) ;;
	*) die 2 "unknown group '$group' (build plot test lint man all)" ;;
	esac
done
groups=$*

manager=
for candidate in apt-get dnf; do
	if [ -z "$manager" ] && command -v "$candidate" >/dev/null 2>&1; then
		manager=$candidate
	fi
done

find_missing
[ -n "$missing" ] || exit 0
take_lock
find_missing
[ -n "$missing" ] || exit 0

case $manager in
apt-get)
	install="apt-get install -y --no-install-recommends $packages"
	by_hand="apt-get update && $install"
	;;
dnf)
	install="dnf install -y --setopt=install_weak_deps=False $packages"
	by_hand=$install
	;;
*)
	die 3 "missing $missing; no apt-get or dnf here: install them by hand"
	;;
esac

if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
	printf 'racelab: deps: missing %s; as root, type:\n' "$missing" >&2
	printf '%s\n' "$by_hand" >&2
	exit 3
fi

echo "deps: missing $missing: installing $packages"
install_packages || die 3 "failed: $install"

find_missing
[ -z "$missing" ] || die 3 "still missing after '$install': $missing"
