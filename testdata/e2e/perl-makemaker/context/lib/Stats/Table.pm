package Stats::Table;
use strict;
sub read { open my $f, '<', $_[0] or die "$_[0]: $!"; map { chomp; [split /,/] } <$f> }
1;
