Gem::Specification.new do |s|
  s.name = "shop"
  s.version = "1.0.0"
  s.summary = "a shop"
  s.authors = ["shop"]
  s.files = ["ext/shop/extconf.rb", "ext/shop/shop.c"]
  s.extensions = ["ext/shop/extconf.rb"]
  s.executables = ["shop"]
end
