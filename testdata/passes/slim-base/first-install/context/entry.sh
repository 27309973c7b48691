#!/bin/sh
ps ax
exec python /app.py
