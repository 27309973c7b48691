#!/bin/sh
one | two
