require("picocolors");
