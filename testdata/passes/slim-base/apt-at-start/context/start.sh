#!/bin/bash
apt-get update && apt-get install -y "$EXTRA"
exec node /server.js
