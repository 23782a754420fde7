#!/bin/sh
# Shows run.sh verdicts that are as expected, which it must accept, and others,
# which it must reject and say why.  The racelab here is a script that answers
# what the file "answer" says.
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
echo "$*" >>arguments
. ./answer
END
chmod +x 'a build/racelab'

answer() { # JSON STATUS: for both memory models
	printf '%s\n' "$1" >json
	echo "cat json; exit $2" >answer
}

judge() { # runs the program on standard input
	cat >one.c
	: >arguments
	LIMIT=1 "$here/run.sh" 'a build' one.c >out 2>&1
	status=$?
}

count() { # TITLE, and whether it is so
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1" >&2
		cat one.c json out >&2
	fi
}

accepts() { # TITLE
	judge
	[ "$status" -eq 0 ] && [ "$(tail -n 1 out)" = '2 passed, 0 failed' ]
	count "accepted: $1" $?
}

rejects() { # TITLE WHY
	judge
	[ "$status" -eq 1 ] && [ "$(tail -n 1 out)" = '1 passed, 1 failed' ] &&
		grep -qF "FAILED: one.c under $2" out && grep -qF "$3" out
	count "rejected: $1" $?
}

answer '{"type":"verdict","verdict":"exact","message":"","outcomes":[]}' 0
accepts 'nothing is wrong' <<'END'
/*
 * A title, and more.
 *
 * sc: exact
 * tso: exact
 */
END
rejects 'nothing was found' tso 'the verdict is exact, and not violates' <<'END'
/*
 * sc: exact
 * tso: violates
 */
END
rejects 'nothing was found, under sc' sc 'the verdict is exact, and not deadlock' <<'END'
/*
 * sc: deadlock
 * tso: exact
 */
END
rejects 'a model that nobody speaks of' tso 'does not say what must come out' <<'END'
/*
 * sc: exact
 */
END
rejects 'what stands behind the first comment' tso 'does not say what must' <<'END'
/*
 * sc: exact
 */
/*
 * tso: exact
 */
END
judge <<'END'
/*
 * explore: -w 3
 * sc: exact
 * tso: exact
 */
END
[ "$(cat arguments)" = 'explore one.c -w 3 --memory=sc --outcomes --json
explore one.c -w 3 --memory=tso --outcomes --json' ]
count 'options reach racelab' $?
answer '{"verdict":"exact"}' 1
judge <<'END'
/*
 * sc: exact
 * tso: exact
 */
END
grep -qF 'status 1 with the verdict exact' out && [ "$status" -eq 1 ]
count 'rejected: a status that does not fit' $?

# Blanks, brackets in texts, and other numbers must not matter.
answer '{ "type": "verdict", "verdict": "violates",
  "message": "say \"}\": both read 0, [\\",
  "states": 12, "p": 0.25, "complete": true,
  "witness": { "schedule": "A4B*A*", "steps": [ { "message": "none" }, [] ] },
  "outcomes": [
    { "kind": "exact", "total": null, "message": null, "interleavings": 16 },
    { "kind": "violates", "message": "both read 0",
      "interleavings": "137846528820", "witness": { "message": "x" } }
  ]
}' 1
accepts 'all that can be said' <<'END'
/*
 * sc: violates: both read 0
 * outcomes sc: 2
 * count sc: 16 -
 * count sc: 137846528820 both read 0
 * tso: violates: say "}": both
 */
END
rejects 'another message' sc 'nobody says "both read 1"' <<'END'
/*
 * sc: violates: both read 1
 * tso: violates
 */
END
rejects 'an outcome too many' tso '2 outcomes, and not 1' <<'END'
/*
 * sc: violates
 * tso: violates
 * outcomes tso: 1
 */
END
rejects 'another count' sc '"-" in 16 interleavings, and not 17' <<'END'
/*
 * sc: violates
 * tso: violates
 * count sc: 17 -
 */
END
rejects 'a large count that is off by one' sc 'and not 137846528821' <<'END'
/*
 * sc: violates
 * tso: violates
 * count sc: 137846528821 both read 0
 */
END
rejects 'an outcome that is not there' sc 'there is no outcome "both read"' <<'END'
/*
 * sc: violates
 * tso: violates
 * count sc: 16 both read
 */
END
answer '{"verdict":"lost-update","outcomes":[{"total":2,"message":"","interleavings":6},{"total":1,"interleavings":null}]}' 1
accepts 'totals' <<'END'
/*
 * sc: lost-update
 * tso: lost-update
 * outcomes sc: 2
 * count sc: 6 total 2
 */
END
rejects 'a count that is not known' sc '"total 1" in null interleavings' <<'END'
/*
 * sc: lost-update
 * tso: lost-update
 * count sc: 1 total 1
 */
END
answer '{"verdict":"unfinished"}' 6
accepts 'unfinished' <<'END'
/*
 * sc: unfinished
 * tso: unfinished
 */
END

answer '' 2
judge <<'END'
/*
 * sc: exact
 * tso: exact
 */
END
[ "$status" -eq 1 ] && grep -qF 'the verdict is missing, and not exact' out
count 'rejected: no answer' $?
answer 'racelab: no such thing: {"verdict"' 0
judge <<'END'
/*
 * sc: exact
 * tso: exact
 */
END
[ "$status" -eq 1 ] && grep -qF 'the verdict is missing' out
count 'rejected: an answer that is no JSON' $?
echo 'sleep 60' >answer
judge <<'END'
/*
 * sc: exact
 * tso: exact
 */
END
[ "$status" -eq 1 ] && grep -qF 'it took longer than 1 s' out
count 'rejected: it takes too long' $?

echo 'echo "racelab: tso: only x86 has it" >&2; exit 77' >answer
judge <<'END'
/*
 * sc: exact
 * tso: exact
 */
END
[ "$status $(tail -n 1 out)" = '0 0 passed, 0 failed' ] &&
	grep -qF 'skipped: one.c under tso: tso: only x86 has it' out
count 'what this machine cannot do is skipped, and says why' $?
answer '{"verdict":"exact"}' 0
judge <<'END'
/*
 * needs: a_better_machine
 * sc: deadlock
 * tso: deadlock
 */
END
[ "$status $(tail -n 1 out)" = '0 0 passed, 0 failed' ] &&
	grep -qF 'skipped: one.c: only on a_better_machine' out
count 'so is what needs another machine' $?

"$here/run.sh" nowhere one.c >out 2>&1
[ $? -eq 2 ]
count 'no such folder' $?
"$here/run.sh" 'a build' nowhere.c >out 2>&1
[ $? -eq 2 ]
count 'no such program' $?

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
