#!/usr/bin/perl
use strict;
use warnings;
use Date::Parse;
use constant DEBUG => 1;
my %days;
while (<>) {
    next unless m{\[([^\]]+)\]};
    my @at = strptime($1);
    $days{$at[3]}++;
    print STDERR "read $1\n" if DEBUG;
}
print "$_: $days{$_}\n" for sort keys %days;
print "done\n";
