import subprocess

# "nobody" as a user is what it runs as
print(subprocess.run(["git", "--version"]))
