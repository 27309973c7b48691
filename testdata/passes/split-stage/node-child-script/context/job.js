require("child_process").execFile(`${__dirname}/bin/pull`)
