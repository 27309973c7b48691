#!/bin/bash
set -e
mkdir -p out
make all
cp prog out/
