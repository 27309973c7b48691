#!/usr/bin/env python3
"""apt-get install -y less"""
