const _=require("lodash"),os=require("os");require("http").createServer((q,s)=>s.end(os.userInfo().username+" "+_.VERSION)).listen(3000)
