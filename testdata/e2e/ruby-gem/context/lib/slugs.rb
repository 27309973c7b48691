module Slugs
  def self.of(title)
    title.downcase.gsub(/[^a-z0-9]+/, "-")
  end
end
