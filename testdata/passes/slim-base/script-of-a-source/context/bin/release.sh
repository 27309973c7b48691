#!/bin/sh
git push
