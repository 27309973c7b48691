const ts = require("typescript");
