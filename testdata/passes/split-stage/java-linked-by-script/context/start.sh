#!/bin/sh
set -e
mkdir -p data
exec java $JAVA_OPTS -cp . Main
