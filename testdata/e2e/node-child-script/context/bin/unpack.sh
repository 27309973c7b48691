#!/bin/sh
set -e
cd /tmp
unzip -o -q "$1"
cat inner.txt
