#!/bin/sh
# Shows run.sh what is right, which it must accept, and what is wrong, which it
# must reject and say why.  The racelab in these cases is a script.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit
work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work" || exit
unset V # of those who run this
passed=0
failed=0

mkdir 'a build'
cat >'a build/racelab' <<'END'
#!/bin/sh
echo "racelab $*"
echo 'racelab: WHAT: WHY' >&2
exit 2
END
chmod +x 'a build/racelab'

judge() { # runs the case on standard input
	cat >one.case
	LIMIT=1 PATIENCE=5 "$here/run.sh" 'a build' one.case >out 2>&1
	status=$?
}

count() { # TITLE, and whether it is so
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1" >&2
		cat one.case out >&2
	fi
}

accepts() { # TITLE
	judge
	[ "$status" -eq 0 ] && [ "$(tail -n 1 out)" = '1 passed, 0 failed' ]
	count "accepted: $1" $?
}

rejects() { # TITLE WHY
	judge
	[ "$status" -eq 1 ] && [ "$(tail -n 1 out)" = '0 passed, 1 failed' ] &&
		grep -qF "$2" out
	count "rejected: $1" $?
}

accepts 'what is so' <<'END'
# a title
$ racelab  one "two three"
racelab one two three
2> racelab: WHAT: WHY
status 2
END
accepts 'every way to say it' <<'END'
# a title
# and a remark
$ printf '%s\n' a 'b c' '' 'd*e' status...
> echo x >&2; exit 6

1> a
b*
1>
d\*e
*tat*s*...
2> *
status 0|6
END
accepts 'gaps' <<'END'
# a title
$ printf '%s\n' 1 2 1 2 3
...
1
2
3
...
$ printf '%s\n' 1 2 3 4
1
...
3
...
$ true
...
$ for i in 1 2 3; do echo $i >&2; done
2> ...
2> 3
END
accepts 'files stay from one command to the next, the environment does not' <<'END'
# a title
$ echo hello >file; x=1
$ cat file; echo "$x."
hello
.
END
accepts 'what is ended again' <<'END'
# a title
$ sleep 60 & kill $!; wait
END

why='standard output is not what it must be'
rejects 'another line' "$why" <<'END'
# a title
$ echo a
b
END
rejects 'a line is missing' "$why" <<'END'
# a title
$ echo a
a
b
END
rejects 'a line is missing in the middle' "$why" <<'END'
# a title
$ printf '%s\n' a c
a
b
c
END
rejects 'a line too many' "$why" <<'END'
# a title
$ printf '%s\n' a b
a
END
rejects 'a line that nobody speaks of' "$why" <<'END'
# a title
$ echo a
END
rejects 'an empty line too many' "$why" <<'END'
# a title
$ echo a; echo
a
END
rejects 'the order is another one' "$why" <<'END'
# a title
$ printf '%s\n' a b
b
a
END
rejects 'more than a gap stands for' "$why" <<'END'
# a title
$ printf '%s\n' a b c
...
b
END
rejects 'less than what stands behind a gap' "$why" <<'END'
# a title
$ printf '%s\n' a b
a
...
b
b
END
rejects 'more than a star stands for' "$why" <<'END'
# a title
$ echo abcd
a*c
END
rejects 'less than stands beside a star' "$why" <<'END'
# a title
$ echo aba
ab*ba
END
rejects 'a star that is meant' "$why" <<'END'
# a title
$ echo abc
a\*c
END
rejects 'a dot is a dot' "$why" <<'END'
# a title
$ echo abc
a.c
END
why='standard error is not what it must be'
rejects 'an error that nobody speaks of' "$why" <<'END'
# a title
$ racelab x
racelab x
status 2
END
rejects 'an error is missing' "$why" <<'END'
# a title
$ true
2> racelab: WHAT: WHY
END
rejects 'a message on the wrong side' "$why" <<'END'
# a title
$ echo a
2> a
END
rejects 'a status that is not 0' 'line 2: status 2, and not 0' <<'END'
# a title
$ racelab
racelab*
2> racelab: WHAT: WHY
END
rejects 'another status' 'line 2: status 0, and not 2' <<'END'
# a title
$ true
status 2
END
rejects 'neither of two' 'line 2: status 1, and not 0|11' <<'END'
# a title
$ false
status 0|11
END
rejects 'the second command of three' 'line 4: status 3, and not 0' <<'END'
# a title
$ echo a
a
$ exit 3
$ true
END
rejects 'ended by a signal' 'line 2: status 137, and not 0' <<'END'
# a title
$ kill -9 $$
END
rejects 'it takes too long' 'line 2: it took longer than 1 s' <<'END'
# a title
$ while :; do sleep 0.1; done
END
rejects 'a process is left' 'sleep' <<'END'
# a title
$ sleep 60 >/dev/null 2>&1 &
END
grep -q 'something was left behind' out
count 'that is what it says' $?
rejects 'a process is left, in a session of its own' 'sleep' <<'END'
# a title
$ setsid sleep 60 >/dev/null 2>&1 &
END
rejects 'a name is left' 'file /dev/shm/sem.racelab-99999999-1' <<'END'
# a title
$ : >/dev/shm/sem.racelab-99999999-1
END
if command -v ipcmk >/dev/null 2>&1 && [ -r /proc/sysvipc/sem ]; then
	rejects 'a semaphore set is left' 'semaphore set' <<-'END'
	# a title
	$ ipcmk -S 1
	*
	END
	judge <<-'END'
	# a title
	$ ! ipcs -s | awk -v me="$(id -un)" '$3 == me && $5 == 1' | grep .
	END
	count 'and cleared away' "$status"
fi

if command -v ipcmk >/dev/null 2>&1 && [ -r /proc/sysvipc/msg ]; then
	rejects 'a message queue is left' 'message queue' <<-'END'
	# a title
	$ ipcmk -Q
	*
	END
	judge <<-'END'
	# a title
	$ ! ipcs -q | awk -v me="$(id -un)" '$3 == me && $6 == 0' | grep .
	END
	count 'and cleared away' "$status"
fi
mkdir queues
if unshare -Ur -m -i mount -t mqueue none queues 2>/dev/null; then
	# shellcheck disable=SC2016 # for the inner shell
	QUEUES=queues PATIENCE=0 unshare -Ur -m -i sh -c '
		mount -t mqueue none queues && : >queues/racelab-99999999-1 &&
			: >"queues/racelab-$$-1" && sh "$0" /none' \
		"$here/leftovers.sh" >out
	[ "$(cat out)" = 'file queues/racelab-99999999-1' ]
	count 'rejected: a POSIX queue is left' $?
fi

why='a case has a title'
rejects 'nothing' "$why" </dev/null
rejects 'no title' "$why" <<'END'
$ true
END
rejects 'no command' "$why" <<'END'
# a title
END
rejects 'output of no command' "$why" <<'END'
# a title
a
$ true
END

judge <<'END'
# a title
skip there is no such thing: true
$ false
END
[ "$status $(tail -n 1 out)" = '0 0 passed, 0 failed' ] &&
	grep -q 'skipped: one.case: there is no such thing' out
count 'what is skipped is neither, and says why' $?
judge <<'END'
# a title
skip it is the first's: true
skip it is the second: false
$ false
END
[ "$status" -eq 0 ] && grep -q "skipped: one.case: it is the first's" out
count 'one reason of two is enough' $?
rejects 'what is not skipped' 'status 1' <<'END'
# a title
skip there is no such thing: false
$ false
END

"$here/run.sh" nowhere one.case >out 2>&1
[ $? -eq 2 ]
count 'no such folder' $?
"$here/run.sh" 'a build' nowhere.case >out 2>&1
[ $? -eq 2 ]
count 'no such case' $?

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
