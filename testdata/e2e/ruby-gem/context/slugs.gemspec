Gem::Specification.new do |s|
  s.name = "slugs"
  s.version = "0.1.0"
  s.summary = "Makes slugs of titles"
  s.authors = ["Example"]
  s.files = ["lib/slugs.rb"]
  s.bindir = "bin"
  s.executables = ["slug"]
end
