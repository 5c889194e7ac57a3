# A deployment that rolls back: functions, traps, temporary directories, exit statuses.
set -eu
root=$(mktemp -d "${TMPDIR:-/tmp}/deploy.XXXXXX")
trap 'status=$?; rm -rf "$root"; echo "cleaned $status"; trap - EXIT; exit $status' EXIT
log() { printf '%s: %s\n' "$1" "$2" | sed "s|$root|ROOT|"; }
release() {
    name=$1; shift
    mkdir -p "$root/releases/$name"
    for file; do echo "$name $file" > "$root/releases/$name/$file"; done
    if [ -L "$root/current" ]; then rm "$root/current"; fi
    ln -s "releases/$name" "$root/current"
    log released "$(ls "$root/current" | tr '\n' ' ')"
}
check() { [ "$(cat "$root/current/$1" 2>/dev/null)" = "$2 $1" ]; }
release v1 index style; check index v1 && log ok v1
release v2 index style script; check script v2 && log ok v2
if ! (release v3 broken; check index v3); then log rollback v2; rm "$root/current"; ln -s releases/v2 "$root/current"; fi
check index v2 && log ok "$(readlink "$root/current")"
ls "$root/releases" | while read -r r; do log has "$r"; done
find "$root" -type f | sort | sed "s|$root||"
unset_variable_here=${nothing:?is not set} 2>/dev/null || :
log never reached
