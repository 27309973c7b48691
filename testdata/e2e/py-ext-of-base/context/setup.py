from setuptools import setup, Extension

setup(name="fastsum", version="1.0", packages=["fastsum"], ext_modules=[Extension("fastsum._c", ["c.c"], libraries=["curl"])])
