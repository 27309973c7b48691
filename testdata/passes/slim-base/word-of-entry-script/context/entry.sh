#!/bin/sh
case "$1" in
  report | web) exec python /app/main.py "$1" ;;
  *) exec "$@" ;;
esac
