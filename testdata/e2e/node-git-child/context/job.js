require("ms");console.log(require("child_process").execSync("git --version").toString().split(" ").slice(0,2).join(" "))
