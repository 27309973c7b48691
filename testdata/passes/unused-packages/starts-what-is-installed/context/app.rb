puts `convert -version`
