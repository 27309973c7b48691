require("child_process").execSync("git --version")
