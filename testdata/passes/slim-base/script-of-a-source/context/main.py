import os, subprocess
subprocess.run(["sh", os.path.join(os.path.dirname(__file__), "bin", "unpack.sh"), "x.zip"])
