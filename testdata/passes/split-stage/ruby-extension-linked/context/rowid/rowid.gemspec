Gem::Specification.new { |s| s.name = "rowid"; s.version = "0.1.0"; s.extensions = ["ext/extconf.rb"] }
