import http from "http"; import fs from "fs"; import ms from "ms";
http.createServer((q,s)=>{s.end(fs.readFileSync("views/a.txt","utf8").trim()+" "+ms(2000)+" "+process.env.NODE_ENV)}).listen(Number(process.env.PORT))
