#!/usr/bin/env bash
# Makes .venv with a Python that is new enough and installs the given requirements file into it, hashes checked.
set -euo pipefail
requirements=$1

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if ! { new_enough .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
  python=
  for candidate in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14 python}; do
    if new_enough "$candidate"; then python=$candidate && break; fi
  done
  if [ -z "$python" ]; then
    echo "Python 3.11 or later is needed; found: $(${PYTHON:-python3} --version 2>&1 || true)." >&2
    echo "Install it, or name it: make run PYTHON=/path/to/python3.11" >&2
    exit 1
  fi
  echo "Making .venv with $("$python" --version)"
  "$python" -m venv --clear .venv
fi

echo "Installing the packages of $requirements (a minute or so)"
.venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check \
  --require-hashes --requirement "$requirements"
cp "$requirements" .venv/
