#!/usr/bin/env bash
[[ -x /usr/bin/less ]] || install-less.sh
exec "$@"
