#include <Python.h>
#include <libxml/xmlversion.h>
#include <libxml/parser.h>
static PyObject*f(PyObject*s,PyObject*a){int x,y,z;if(!PyArg_ParseTuple(a,"iii",&x,&y,&z))return 0;return PyLong_FromLong(x+y+z);}
static PyObject*v(PyObject*s,PyObject*a){xmlInitParser();return PyLong_FromLong(LIBXML_VERSION/10000);}
static PyMethodDef m[]={{"f",f,METH_VARARGS,0},{"v",v,METH_NOARGS,0},{0}};
static struct PyModuleDef d={PyModuleDef_HEAD_INIT,"_c",0,-1,m};
PyMODINIT_FUNC PyInit__c(void){return PyModule_Create(&d);}
