"""Copies of the whole database in one file, made while people sit, and put back (`docs/van-hanh.md`, section 5)."""

from __future__ import annotations


class BackupFault(Exception):
    """A copy cannot be made or put back; the words are for the console."""
