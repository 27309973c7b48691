#!/bin/bash
set -e
envsubst "\$PORT" < /etc/nginx/nginx.conf.tpl > /etc/nginx/nginx.conf
exec "$@"
