#!/bin/sh
# plots.sh RACELAB: redraw every figure from the records: those of the reference
# runs into docs/figures/, where the documents show them, and those of this
# machine's runs into plots/out/.
set -u

racelab=$1
drawn=0
for records in results/reference/*.jsonl results/*.jsonl; do
	[ -f "$records" ] || continue
	name=$(basename "$records" .jsonl)
	case $records in
	results/reference/*) out=docs/figures/$name ;;
	*) out=plots/out/$name ;;
	esac
	echo "$records:"
	"$racelab" plot -d "$out" "$records" || exit
	drawn=$((drawn + 1))
done
[ "$drawn" -gt 0 ] || echo 'no records yet: make compare makes some'
