#!/bin/sh
set -e
gcc -o /tmp/t /t.c
exec /tmp/t
