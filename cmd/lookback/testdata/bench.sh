#!/usr/bin/env bash
# Times bin/lookback from end to end on a synthetic archive: POSTS=1000000 for
# the big one. Figures are for this machine at this moment; look at the ratios.
set -euo pipefail
cd "$(dirname "$0")/../../.."

posts=${POSTS:-100000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TIMEFORMAT='%R'

# seconds WORD... runs a command and prints how long it took.
seconds() { { time "$@" >/dev/null 2>&1; } 2>&1 | tail -1; }

# row NAME SECONDS prints a line of the table, with posts a second and how many
# times the inflating took.
row() {
  awk -v name="$1" -v s="$2" -v n="$posts" -v base="$inflate" \
    'BEGIN { printf "| %-28s | %8.2f | %10.0f | %6.1f |\n", name, s, n / s, s / base }'
}

bin/lookback-gen --posts "$posts" --part-size -1 --lines "$work/posts.jsonl" "$work/x.zip" >/dev/null
inflate=$(seconds unzip -p "$work/x.zip" data/tweets.js)
export XDG_DATA_HOME=$work/data

printf '| %-28s | %8s | %10s | %6s |\n| --- | ---: | ---: | ---: |\n' "$posts posts" seconds "posts/s" ratio
row 'inflate (unzip -p)' "$inflate"
row 'import' "$(seconds bin/lookback import "$work/x.zip")"
row 'scan' "$(seconds bin/lookback scan)"
row 'report (html, csv, jsonl)' "$(seconds bin/lookback report --out "$work/out")"
row 'audit again' "$(seconds bin/lookback audit --out "$work/out" "$work/x.zip")"
row 'check' "$(seconds sh -c 'bin/lookback check < "$0"' "$work/posts.jsonl")"
