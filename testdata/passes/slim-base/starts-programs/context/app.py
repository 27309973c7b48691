import os, subprocess
subprocess.run(os.environ["HOOK"], shell=True)
