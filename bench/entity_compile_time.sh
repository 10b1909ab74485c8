#!/usr/bin/env bash
# What 20 described entities of 10 columns cost to compile over the bare structs.
#
#   bench/entity_compile_time.sh [ROUNDS]    the default is 11
#
# CPU time at -O0, median over rounds in which the two files take turns. Slowness is no error: the numbers are for
# people. The budget is 150 ms.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rounds=${1:-11}
export LC_ALL=C.UTF-8 CCACHE_DISABLE=1
TIMEFORMAT='%3U %3S'

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Columns as programs have them: a generated key, texts, numbers, a time, a foreign key, some options, an index.
generate() { # DESCRIBED
  awk -v described="$1" 'BEGIN {
    print "#include <chrono>\n#include <cstdint>\n#include <optional>\n#include <string>"
    if (described) print "#include <whimbrel/entity.h>"
    split("std::int32_t std::string std::optional<std::string> bool double std::int64_t std::optional<std::int32_t>" \
          " std::chrono::sys_seconds std::string std::int32_t", types, " ")
    split("- {.length=40,.unique=true} - {.default_value=false} - - - - {.default_value=\"none\"}", options, " ")
    for (e = 0; e < 20; ++e) {
      printf "struct E%d {\n", e
      for (c = 1; c <= 10; ++c) printf "  %s c%d;\n", types[c], c
      if (described) {
        printf "  static void describe(whimbrel::Entity<E%d>& e) {\n    e.primary_generated<&E%d::c1>();\n", e, e
        for (c = 2; c <= 9; ++c) printf "    e.column<&E%d::c%d>(%s);\n", e, c, options[c] == "-" ? "" : options[c]
        printf "    e.many_to_one<&E%d::c10, &E%d::c1>({.on_delete = whimbrel::OnDelete::cascade});\n", e, (e > 0 ? e - 1 : 0)
        printf "    e.index<&E%d::c2, &E%d::c3>();\n  }\n", e, e
      }
      print "};"
    }
    if (!described) exit
    printf "whimbrel::Entities all() { return whimbrel::entities<E0"
    for (e = 1; e < 20; ++e) printf ", E%d", e
    print ">(); }"
  }'
}

# Appends the milliseconds of one compilation to a file.
measure() { # RESULTS COMPILER SOURCE
  local times
  times=$({ time "$2" -std=c++20 -O0 -I "$root/include" -c "$3" -o "$scratch/out.o" 1>&2; } 2>&1)
  awk '{ printf "%.0f\n", ($1 + $2) * 1000 }' <<<"$times" >>"$1"
}

median() { sort -n "$1" | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

generate 0 >"$scratch/bare.cpp"
generate 1 >"$scratch/entities.cpp"

printf '%-10s %9s %13s %8s\n' compiler 'bare, ms' 'entities, ms' 'over, ms'
for compiler in g++ clang++; do
  if ! command -v "$compiler" >/dev/null; then
    echo "$compiler is not installed"
    continue
  fi
  rm -f "$scratch/bare" "$scratch/entities"
  # The first compilation of each reads the files from the disk; it does not count.
  measure /dev/null "$compiler" "$scratch/bare.cpp"
  measure /dev/null "$compiler" "$scratch/entities.cpp"
  for ((round = 0; round < rounds; round++)); do
    measure "$scratch/bare" "$compiler" "$scratch/bare.cpp"
    measure "$scratch/entities" "$compiler" "$scratch/entities.cpp"
  done
  bare=$(median "$scratch/bare")
  entities=$(median "$scratch/entities")
  printf '%-10s %9s %13s %8s\n' "$compiler" "$bare" "$entities" "$((entities - bare))"
done
