import ctypes
ctypes.CDLL("libxml2.so.2")
