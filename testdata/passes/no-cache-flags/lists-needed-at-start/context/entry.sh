#!/bin/bash
apk add "$@"
