# A PostgreSQL server that lives as long as the script which reads this file with `.`: `start_postgres` starts it, and it
# listens in the folder $cluster alone. $scratch is a folder for whatever else the script throws away.

postgres() { # the folder of the newest server's programs
  { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV; dirname "$(command -v initdb)"; } | while read -r folder; do
    if [ -x "$folder/initdb" ]; then echo "$folder" && break; fi
  done
}

scratch=$(mktemp -d)
chmod 755 "$scratch" # the server's user has to come through
cluster=$scratch/cluster
owner=
if [ "$(id -u)" = 0 ]; then # as root the server refuses to run
  owner=$(id -un postgres 2>/dev/null || echo nobody)
fi

server() { # server PROGRAM ARGUMENTS...: one of PostgreSQL's programs, from a folder that its user may enter
  (cd "$scratch" && exec ${owner:+runuser -u "$owner" --} "$(postgres)/$1" "${@:2}")
}
stop() {
  if [ -e "$cluster/postmaster.pid" ]; then
    server pg_ctl --pgdata="$cluster" --mode=immediate --silent stop
  fi
  rm -rf "$scratch"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

start_postgres() {
  mkdir "$cluster"
  if [ -n "$owner" ]; then chown "$owner" "$cluster"; fi
  server initdb --pgdata="$cluster" --username=register --auth=trust --locale=C.UTF-8 --encoding=UTF8 --no-sync \
    >"$scratch/initdb.log" || { cat "$scratch/initdb.log"; return 1; }
  # No network, and no care for a power cut: the data is worth nothing after this run.
  server pg_ctl --pgdata="$cluster" --log="$cluster/server.log" --silent --wait \
    --options="-k $cluster -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off" \
    start || { cat "$cluster/server.log"; return 1; }
}
