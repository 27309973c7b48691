#!/bin/sh
set -e
exec python main.py
