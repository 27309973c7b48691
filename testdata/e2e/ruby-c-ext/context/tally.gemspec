Gem::Specification.new{|s| s.name="tally"; s.version="1.0.0"; s.summary="x"; s.authors=["x"]; s.files=["ext/tally/tally.c","ext/tally/extconf.rb"]; s.extensions=["ext/tally/extconf.rb"]}
