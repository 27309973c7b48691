said=$("$@")
echo "$said" | grep -q '^6 25$' && echo "$said" | grep -q '^lines 2$' && echo "$said" | grep -q '^text/' && echo ok
