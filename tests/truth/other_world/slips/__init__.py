"""Slips: how true sheets come to be wrong, each kind by the way it arises among those who write."""
