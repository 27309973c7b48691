package Fast;
our $VERSION = "1";
require XSLoader;
XSLoader::load("Fast", $VERSION);
1;
