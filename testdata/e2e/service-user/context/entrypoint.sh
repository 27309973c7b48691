#!/bin/sh
set -e
exec setpriv --reuid="$1" --regid=spool --init-groups id -un
