#!/usr/bin/bash
exec python /app/app.py
