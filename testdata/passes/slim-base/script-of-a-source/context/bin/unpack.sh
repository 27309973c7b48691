#!/bin/sh
set -e
cd /tmp && sh "$(dirname "$0")"/fetch.sh
unzip -q "$1"
