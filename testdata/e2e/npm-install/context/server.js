const pad = require('pad');
exports.check = () => { if (pad('a', 2) !== '.a') process.exit(1); };
if (require.main === module) console.log(pad('started', 10));
