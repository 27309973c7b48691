require("./next.config.js");
