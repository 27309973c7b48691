#!/bin/sh
exec java $JAVA_OPTS -jar shop.jar
