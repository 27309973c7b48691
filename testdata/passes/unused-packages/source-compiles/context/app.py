import subprocess
subprocess.run(["gcc", "-o", "/tmp/x", "/x.c"])
