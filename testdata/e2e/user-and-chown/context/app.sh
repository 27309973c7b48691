#!/bin/sh
echo "mode: $(cat /srv/app/etc/settings)"
touch /srv/app/data/ran && echo wrote
