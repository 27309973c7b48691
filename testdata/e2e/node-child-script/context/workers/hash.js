const { parentPort, workerData } = require('worker_threads');
parentPort.postMessage(require('crypto').createHash('md5').update(workerData).digest('hex'));
