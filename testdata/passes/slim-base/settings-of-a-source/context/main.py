import json, subprocess
tools = json.load(open("tools.json"))
subprocess.run(["identify", "a.png"])
subprocess.run([tools["unpack"], "x.zip"])
