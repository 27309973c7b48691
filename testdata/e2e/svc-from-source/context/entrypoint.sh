#!/bin/sh
set -e
if [ "$1" = kv-server ] && [ "$(id -u)" = 0 ]; then
	find . ! -user kv -exec chown kv {} +
fi
exec "$@"
