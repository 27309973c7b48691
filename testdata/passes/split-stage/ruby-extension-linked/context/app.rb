require "rowid"
