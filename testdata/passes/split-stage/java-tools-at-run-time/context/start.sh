#!/bin/sh
java -jar /srv/shop.jar &
jcmd $! VM.flags > /srv/flags
wait
