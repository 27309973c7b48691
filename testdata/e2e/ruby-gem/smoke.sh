"$@"
gem list --local slugs
ruby -e 'require "slugs"; puts Slugs.of("A b")'
