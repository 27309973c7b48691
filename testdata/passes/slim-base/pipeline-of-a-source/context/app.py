import os
os.system("cd /tmp && unzip -o x.zip; sudo -u web git log | xz -c > $(convert -version)")
print("no file is there")
