said=$("$@" 2>/dev/null)
echo "$said"
test "$said" = '1;01:00
<r a="1" z="01:00"/>
Servus'
