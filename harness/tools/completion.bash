# shellcheck shell=bash
# Completion of racelab for bash.  What there is to complete is asked of racelab
# itself, when the key is pressed: a new option or strategy is known at once.

# Commands stand in the help as "  name      what it does".
_racelab_commands() { # PROGRAM
	"$1" --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

# Long ones with an obligatory value end in "=".  Short ones are typed faster
# than completed, but say that there are some.
_racelab_options() { # PROGRAM COMMAND
	"$1" "$2" --help 2>/dev/null |
		sed -n 's/^ *\(-.,\)\{0,1\} *\(--[a-z-]*=\{0,1\}\).*/\2/p'
}

_racelab_strategies() { # PROGRAM
	"$1" list 2>/dev/null | sed 's/ .*//'
}

_racelab_channels() { # PROGRAM
	"$1" ipc --list 2>/dev/null | sed 's/ .*//'
}

# What an option's value may be; the file names come from the caller.
_racelab_values() { # OPTION
	case $1 in
	--pin) echo 'spread same none smt' ;;
	--in) echo 'anon sysv posix file memfd' ;;
	--as) echo 'processes threads' ;;
	--expect) echo 'exact lost' ;;
	--term) echo 'dumb' ;;
	--memory) echo 'sc tso' ;;
	--search) echo 'all every random pct pos' ;;
	--cc) echo 'gcc clang' ;;
	esac
}

# Fills COMPREPLY with file names; those with blanks are quoted by readline.
_racelab_files() { # CUR [-d]
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen "${2:--f}" -- "$1")
}

# Strategies that can be explored, and C files and folders to look for them in.
_racelab_targets() { # CUR PROGRAM
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(
		compgen -W "$(_racelab_strategies "$2")" -- "$1"
		compgen -f -X '!*.c' -- "$1"
		compgen -d -- "$1"
	)
}

_racelab_words() { # CUR WORDS
	mapfile -t COMPREPLY < <(compgen -W "$2" -- "$1")
}

# The value of OPTION.  Returns 1 where OPTION takes none, or not as a word of
# its own.
_racelab_value() { # OPTION CUR
	case $1 in
	-o | --output | --records) _racelab_files "$2" ;;
	-d | --directory | --plot) _racelab_files "$2" -d ;;
	--pin | --as | --in | --expect | --term | --memory | --search | --cc)
		_racelab_words "$2" "$(_racelab_values "$1")"
		;;
	# A number, or what nobody can guess: nothing to offer.
	-w | -t | -n | -r | -k | --workers | --time | --count | --trials | --seed | --run) ;;
	--sizes) ;;
	--inside | --outside | --window | --tune) ;;
	--increments | --preemptions | --depth | --executions | --buffer | --spurious) ;;
	--max-seconds | --max-memory | --within | --fail-above) ;;
	*) return 1 ;;
	esac
}

_racelab() {
	local program=${COMP_WORDS[0]} cur=${COMP_WORDS[COMP_CWORD]} word option=
	local prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}

	COMPREPLY=()
	# The shell has not expanded it.
	# shellcheck disable=SC2088
	case $program in
	'~/'*) program=$HOME/${program:2} ;;
	esac
	if ((COMP_CWORD == 1)); then
		_racelab_words "$cur" "$(_racelab_commands "$program") help --help --version"
		return
	fi
	# "--pin=same" is one word, or three where "=" breaks words.
	if [[ $cur == = ]]; then
		option=$prev cur=
	elif [[ $prev == = ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $cur == --*=* ]]; then
		word=${cur%%=*}
		cur=${cur#*=}
		_racelab_value "$word" "$cur" &&
			COMPREPLY=("${COMPREPLY[@]/#/$word=}")
		return
	elif [[ $prev == -* && $prev != --plot ]]; then
		option=$prev
	fi
	if [[ $option ]] && _racelab_value "$option" "$cur"; then
		return
	fi
	if [[ $cur == -* ]]; then
		_racelab_words "$cur" "$(_racelab_options "$program" "$command")"
		[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
		return
	fi
	case $command in
	run) _racelab_words "$cur" "$(_racelab_strategies "$program") all" ;;
	compare | loss) _racelab_words "$cur" "$(_racelab_strategies "$program") all" ;;
	show) _racelab_words "$cur" "$(_racelab_strategies "$program")" ;;
	ipc) _racelab_words "$cur" "$(_racelab_channels "$program")" ;;
	explore) _racelab_targets "$cur" "$program" ;;
	plot) _racelab_files "$cur" ;;
	diff)
		if [[ " ${COMP_WORDS[*]} " == *' --records'* ]]; then
			_racelab_words "$cur" "$(_racelab_strategies "$program")"
		else
			_racelab_files "$cur"
		fi
		;;
	help) _racelab_words "$cur" "$(_racelab_commands "$program")" ;;
	esac
}

complete -F _racelab racelab
