print((split / /, `curl --version`)[0], "\n");
