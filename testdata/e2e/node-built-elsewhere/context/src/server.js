require('http').createServer((q, r) => r.end(require('mime').getType('a.svg'))).listen(3000)
