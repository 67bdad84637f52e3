#!/usr/bin/env bash
# Runs a command of dev.py on a Debian 12 that has Python 3.11 and nothing else: an empty root made with debootstrap, thrown away and
# laid anew each time from a tarball that is made once. Needs root and debootstrap; what is tested is the last commit, not the work tree.
#
#   tools/fresh_machine.sh                          python3 dev.py test --quick
#   tools/fresh_machine.sh python3 dev.py demo --walk
#   FRESH_KEEP=1 tools/fresh_machine.sh ...         go on in the root of the run before (a second command on the same machine)
#
# Where the network is not the plain one: FRESH_MIRROR (Debian mirror), FRESH_CA (file with certificates to trust), PIP_INDEX_URL,
# http_proxy and https_proxy. FRESH_DIR is where root and tarball lie.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
directory=${FRESH_DIR:-/var/tmp/sealdesk-fresh}
mirror=${FRESH_MIRROR:-http://deb.debian.org/debian}
root=$directory/root
tarball=$directory/bookworm.tar
[ $# -gt 0 ] || set -- python3 dev.py test --quick

mkdir -p "$directory"
if [ ! -e "$tarball" ]; then
    rm -rf "$directory/base"
    debootstrap --variant=minbase --include=python3,ca-certificates bookworm "$directory/base" "$mirror"
    tar -C "$directory/base" -cf "$tarball.part" .
    mv "$tarball.part" "$tarball"
    rm -rf "$directory/base"
fi

if [ -z "${FRESH_KEEP:-}" ] || [ ! -d "$root/sealdesk" ]; then
    rm -rf "$root"
    mkdir -p "$root"
    tar -C "$root" -xf "$tarball"
    git clone --quiet --no-hardlinks "$repository" "$root/sealdesk"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
settings=(HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM="${TERM:-dumb}")
for name in PIP_INDEX_URL http_proxy https_proxy; do
    [ -z "${!name:-}" ] || settings+=("$name=${!name}")
done
if [ -n "${FRESH_CA:-}" ]; then
    cp "$FRESH_CA" "$root/etc/fresh-ca.crt"
    settings+=(PIP_CERT=/etc/fresh-ca.crt SSL_CERT_FILE=/etc/fresh-ca.crt)
fi

# A mount and process namespace of its own: whatever the run mounts or starts is gone with it.
exec unshare --mount --pid --fork --kill-child bash -c '
    root=$1; shift
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/dev/shm"
    exec chroot "$root" /usr/bin/env -i "$@"
' fresh "$root" "${settings[@]}" sh -c 'cd /sealdesk && exec "$@"' fresh "$@"
