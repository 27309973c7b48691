require("https").get("https://example.com/");
