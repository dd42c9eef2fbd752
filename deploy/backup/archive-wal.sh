#!/bin/sh
# archive_command of PostgreSQL: archive-wal.sh %p %f. Puts a finished piece of the log into ARCHIVE_DIR (default /archive/wal) for
# good before it answers; a piece that is there already with the same content is fine, with another content it is an error.
set -eu
from=$1
to=${ARCHIVE_DIR:-/archive/wal}/$2
mkdir -p "$(dirname "$to")"
if [ -e "$to" ]; then exec cmp -s "$from" "$to"; fi
cp "$from" "$to.part.$$"
sync "$to.part.$$"
mv "$to.part.$$" "$to"
sync "$(dirname "$to")"
