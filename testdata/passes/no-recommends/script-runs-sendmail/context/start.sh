#!/bin/sh
echo up | sendmail root
exec cron -f
