#!/usr/bin/env bash
# Runs every test on SQLite, then those whose outcome a database can change on a PostgreSQL server made for this run and
# thrown away after it, then those in a browser: all of them on SQLite, and what several do at once on PostgreSQL too.
#
# What they need of Debian's packages is installed where it is missing and can be (as root, by apt). Where something is
# missing all the same, its tests are not run and the last lines say so; with CI=true that is a failure.
set -uo pipefail
cd "$(dirname "$0")/.."

. scripts/postgres.sh

browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
gettext() { command -v xgettext && command -v msgfmt; }
driver() { .venv/bin/playwright --version 2>/dev/null; } # what drives the browser: a program of its own in the package

# --- What the tests need from the machine ---

wanted=()
[ -n "$(browser)" ] || wanted+=(chromium)
[ -n "$(driver)" ] || wanted+=(libatomic1)
[ -n "$(postgres)" ] || wanted+=(postgresql)
[ -n "$(gettext)" ] || wanted+=(gettext)
if [ ${#wanted[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${wanted[*]} from Debian (a minute or two)"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -qq -y --no-install-recommends "${wanted[@]}"; } >/dev/null
  else
    echo "Missing on this machine: ${wanted[*]}. On Debian: sudo apt-get install ${wanted[*]}"
  fi
fi

# --- The tests ---

failed=()
not_run=()
part() { # part NAME ARGUMENTS...: one run of pytest
  local name=$1
  shift
  echo
  echo "== $name"
  # A database is migrated once for all parts that use it.
  .venv/bin/python -m pytest --quiet --reuse-db "$@" || failed+=("$name")
}

# A file's tests share what they load, so that a file stays in one of the two processes.
suite=(--ignore=tests/browser --numprocesses=2 --dist=loadfile)
able=
if [ -z "$(gettext)" ]; then
  able="not gettext"
  not_run+=("the tests that need gettext")
fi

export DATABASE_URL=sqlite:///$scratch/register.sqlite3
part "Tests on SQLite" "${suite[@]}" -m "$able"

if [ -z "$(postgres)" ]; then
  not_run+=("the tests on PostgreSQL")
elif start_postgres; then
  export DATABASE_URL="postgres://register@/register?host=$cluster"
  # What touches no database (dates, folding, drawing; see tests/conftest.py), and what reads every page for its words,
  # its markup and its readers, has been told by the first run.
  part "Tests on PostgreSQL: what a database can change" "${suite[@]}" -m "database and not markup${able:+ and $able}"
  started=yes
else
  failed+=("PostgreSQL did not start")
fi

if [ -n "$(browser)" ] && [ -n "$(driver)" ]; then
  export CHROMIUM
  CHROMIUM=$(browser)
  if [ -n "${started:-}" ]; then
    # Two at once, and twice the same: what the two databases do differently.
    part "Tests in the browser on PostgreSQL" tests/browser/test_desk.py -k "double or two_requests" \
      --numprocesses=2 --dist=load
  fi
  export DATABASE_URL=sqlite:///$scratch/register.sqlite3
  part "Tests in the browser on SQLite" tests/browser --numprocesses=2 --dist=load
else
  not_run+=("the tests in the browser")
fi

echo
for what in ${failed[@]+"${failed[@]}"}; do echo "FAILED: $what"; done
for what in ${not_run[@]+"${not_run[@]}"}; do echo "NOT RUN: $what"; done
if [ ${#failed[@]} -gt 0 ] || { [ "${CI:-}" = true ] && [ ${#not_run[@]} -gt 0 ]; }; then exit 1; fi
