#!/bin/sh
set -e
apt-get install -qq -y "$1" $(cat /opt/plugins/wanted) | grep -o "^Inst less"
