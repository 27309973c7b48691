use DBI;
print "shop\n";
