#!/bin/dash
apt-get install -y less
