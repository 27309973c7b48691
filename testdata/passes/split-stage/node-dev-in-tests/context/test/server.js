require("mocha");
