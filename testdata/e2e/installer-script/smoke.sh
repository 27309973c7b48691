"$@"
cat /opt/product/banner /opt/product/second
/opt/second/bin/product
