"$@" | sort
cat where name ../one ../three pages/deep/four
pwd
