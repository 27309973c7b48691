#!/bin/sh
envsubst < app.conf.tpl > /tmp/app.conf
exec node server.js
