#!/usr/bin/env -S python3 -u
apt-get install -y less
