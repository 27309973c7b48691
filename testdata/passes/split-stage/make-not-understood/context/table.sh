#!/bin/sh
sed "s/^/int x = /;s/$/;/" "$1"
