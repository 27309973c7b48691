const fs=require("fs");require("rimraf");fs.mkdirSync("dist");fs.writeFileSync("dist/index.html","<p>built with "+require("./package.json").version+"</p>\n")
