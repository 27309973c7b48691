require "mkmf"

create_makefile "shop/shop"
