#!/bin/sh
# install.sh BUILDDIR PREFIX: install what was built under PREFIX, to which the
# Makefile has prepended DESTDIR.  Run from the root of the sources.
#
# Nothing that is installed knows PREFIX: the program finds the plot scripts
# and what targets are compiled with from where it stands itself, so the tree may
# be moved afterwards.  Each file is renamed into place, because a program that is
# running cannot be written to.
# Ends 0, 2 for wrong usage, 3 when something is not built, 5 when it cannot write.
set -u
umask 022

die() { # STATUS WORD...
	status=$1
	shift
	printf 'racelab: install: %s\n' "$*" >&2
	exit "$status"
}

put() { # MODE FILE TARGET
	[ -f "$2" ] || die 3 "no $2: make it first"
	folder=$(dirname "$3")
	mkdir -p "$folder" || die 5 "cannot make $folder"
	# cp keeps the mode of a file that is already there: begin without one.
	rm -f "$3.new"
	if ! { cp "$2" "$3.new" && chmod "$1" "$3.new" && mv -f "$3.new" "$3"; }; then
		rm -f "$3.new"
		die 5 "cannot write $3"
	fi
}

put_into() { # MODE FOLDER FILE...
	mode=$1 into=$2
	shift 2
	for file in "$@"; do
		put "$mode" "$file" "$into/${file##*/}"
	done
}

if [ $# -ne 2 ] || [ -z "$1" ] || [ -z "$2" ]; then
	die 2 'usage: install.sh BUILDDIR PREFIX'
fi
build=$1 prefix=$2
[ -f plots/style.gp ] || die 2 'run it from the root of the sources'

share=$prefix/share
put 755 "$build/racelab" "$prefix/bin/racelab"
put 644 "$build/racelab.1" "$share/man/man1/racelab.1"
put_into 644 "$share/racelab/plots" plots/*.gp
put 644 harness/tools/completion.bash "$share/bash-completion/completions/racelab"

# What the explorer compiles with, and what was compiled for it.  An empty object
# is that of a strategy that cannot be explored.
lib=$prefix/lib/racelab
put 644 harness/target/racelab.h "$lib/include/racelab.h"
put_into 644 "$lib/include/sync" sync/*.h
put_into 644 "$lib/seen/sync" harness/explore/seen/sync/*.h
put_into 644 "$lib/sync" sync/*.c
rm -f "$lib"/explored/*.so
for object in "$build"/lib/racelab/explored/*.so; do
	[ ! -s "$object" ] || put 644 "$object" "$lib/explored/${object##*/}"
done

# As in the sources, so that the links from one page to another still lead there.
put_into 644 "$share/doc/racelab" README.md CHANGELOG.md LICENSE
put_into 644 "$share/doc/racelab/docs" docs/*.md
for figure in docs/figures/*/*.svg docs/figures/*/*.png; do
	# Where there is none, the pattern itself is left.
	[ ! -f "$figure" ] || put 644 "$figure" "$share/doc/racelab/$figure"
done
