const { promisify } = require('util');
const cp = require('child_process');
const sh = promisify(cp.exec), file = promisify(cp.execFile);
const CONVERT = process.env.CONVERT || 'convert';
exports.image = async () => {
  await file(CONVERT, ['-size', '20x10', 'xc:red', '/tmp/a.png']);
  return (await file('identify', ['-format', '%m %wx%h', '/tmp/a.png'])).stdout;
};
exports.zip = async () => (await sh(`sh ${__dirname}/../bin/unpack.sh ${__dirname}/../bundle.zip`)).stdout;
exports.ps = async () => { const o = await sh('ps -o comm= -p ' + process.pid); return o.stdout.trim(); };
