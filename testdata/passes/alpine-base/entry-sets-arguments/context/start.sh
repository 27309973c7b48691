#!/bin/sh
set -- $PREFIX "$@"
exec "$@"
