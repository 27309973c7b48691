from setuptools import setup
setup(name="shop", packages=["shop"], install_requires=["psycopg2>=2"])
