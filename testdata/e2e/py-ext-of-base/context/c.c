#include <Python.h>
#include <curl/curl.h>

static PyObject *sum(PyObject *self, PyObject *args)
{
    int x, y, z;
    return PyArg_ParseTuple(args, "iii", &x, &y, &z) ? PyLong_FromLong(x + y + z) : NULL;
}

static PyObject *speaks_https(PyObject *self, PyObject *args)
{
    return PyBool_FromLong(curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_SSL);
}

static PyMethodDef methods[] = {{"sum", sum, METH_VARARGS, 0}, {"speaks_https", speaks_https, METH_NOARGS, 0}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_c", 0, -1, methods};

PyMODINIT_FUNC PyInit__c(void)
{
    return PyModule_Create(&module);
}
