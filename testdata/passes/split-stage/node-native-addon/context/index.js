console.log(require('bindings')('crc').crc('x'))
