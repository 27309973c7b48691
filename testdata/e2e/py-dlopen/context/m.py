import ctypes
l=ctypes.CDLL("libcurl.so.4")
l.curl_version.restype=ctypes.c_char_p
print(l.curl_version().decode().split("/")[0])
