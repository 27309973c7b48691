from setuptools import setup, Extension
setup(name="fastsum", packages=["fastsum"], ext_modules=[Extension("fastsum._c", ["c.c"], libraries=["xml2"])],
      entry_points={"console_scripts": ["fastsum=fastsum:main"]})
