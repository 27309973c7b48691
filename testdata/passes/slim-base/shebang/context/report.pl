#!/usr/bin/env perl
print "ok\n";
