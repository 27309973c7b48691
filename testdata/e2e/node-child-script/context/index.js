const { Worker } = require('worker_threads');
const { fork } = require('child_process');
const path = require('path'), http = require('http');
const tools = require('./lib/tools');
http.createServer(async (q, r) => {
  try {
    if (q.url === '/worker') new Worker(path.join(__dirname, 'workers', 'hash.js'), { workerData: 'x' }).on('message', m => r.end(m));
    else if (q.url === '/fork') fork(path.resolve(__dirname, 'workers/sum')).on('message', m => r.end(String(m))).send([1, 2, 3]);
    else if (q.url === '/zip') r.end(await tools.zip());
    else if (q.url === '/ps') r.end(await tools.ps());
    else r.end(require('mime').getType('a.svg'));
  } catch (e) { r.statusCode = 500; r.end(String(e)); }
}).listen(3000);
