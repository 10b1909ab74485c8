#!/usr/bin/env bash
# What a generated migration of 20 statements costs to compile, against an empty file.
#
#   bench/compile_time.sh [ROUNDS]    the default is 21
#
# With the options of whimbrel_add_migrations(). CPU time, median over rounds in which the two files take turns. Slowness
# is no error: the ratio is for people. The budget is 2.0.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rounds=${1:-21}
migration=$root/bench/compile_time/1561981516514-create-shop.cpp
export LC_ALL=C.UTF-8 CCACHE_DISABLE=1
TIMEFORMAT='%3U %3S'

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
: >"$scratch/empty.cpp"

# Appends the milliseconds of one compilation to a file.
measure() { # RESULTS COMPILER SOURCE
  local times
  times=$({ time "$2" -std=c++20 -O0 -U_FORTIFY_SOURCE -I "$root/include" -c "$3" -o "$scratch/out.o" 1>&2; } 2>&1)
  awk '{ printf "%.0f\n", ($1 + $2) * 1000 }' <<<"$times" >>"$1"
}

median() { sort -n "$1" | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

printf '%-10s %10s %14s %6s\n' compiler 'empty, ms' 'migration, ms' ratio
for compiler in g++ clang++; do
  if ! command -v "$compiler" >/dev/null; then
    echo "$compiler is not installed"
    continue
  fi
  rm -f "$scratch/empty" "$scratch/migration"
  # The first compilation of each reads the files from the disk; it does not count.
  measure /dev/null "$compiler" "$scratch/empty.cpp"
  measure /dev/null "$compiler" "$migration"
  for ((round = 0; round < rounds; round++)); do
    measure "$scratch/empty" "$compiler" "$scratch/empty.cpp"
    measure "$scratch/migration" "$compiler" "$migration"
  done
  empty=$(median "$scratch/empty")
  full=$(median "$scratch/migration")
  printf '%-10s %10s %14s %6s\n' "$compiler" "$empty" "$full" \
    "$(awk -v a="$full" -v b="$empty" 'BEGIN { printf "%.2f", a / b }')"
done
