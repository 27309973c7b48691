#!/bin/sh
set -e
. ./helpers.sh
install_all
