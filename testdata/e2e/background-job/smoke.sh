"$@"
cat /state/*
