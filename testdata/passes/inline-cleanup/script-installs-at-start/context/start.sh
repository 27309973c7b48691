#!/bin/sh
set -e
apt-get install -y "$1"
exec app
