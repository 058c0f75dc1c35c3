#!/usr/bin/env bash
# Runs one of the benchmarks, `scripts/bench.sh bench …` or `scripts/bench.sh concurrent_load …`, with a PostgreSQL server
# made for this run and thrown away after it; without PostgreSQL on this machine it runs on SQLite alone.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/postgres.sh

if [ -z "$(postgres)" ]; then
  echo "PostgreSQL is missing on this machine: SQLite alone. On Debian: sudo apt-get install postgresql" >&2
elif start_postgres; then
  PATH=$(postgres):$PATH
  export PATH CLUSTER=$cluster
else
  exit 1
fi

.venv/bin/python -m "benchmarks.$1" "${@:2}"
