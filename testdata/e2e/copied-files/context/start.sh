#!/bin/sh
cat /shop/main.txt /shop/etc/settings.conf
