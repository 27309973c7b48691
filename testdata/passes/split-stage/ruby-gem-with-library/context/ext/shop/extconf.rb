require "mkmf"

have_library "archive"
create_makefile "shop/shop"
