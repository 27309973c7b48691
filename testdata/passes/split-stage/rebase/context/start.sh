#!/bin/bash
set -eu
exec shop "$(jq -r .port /etc/shop.json)"
