#!/bin/sh
apt-cache show jq | grep ^Package: | head -n 1
