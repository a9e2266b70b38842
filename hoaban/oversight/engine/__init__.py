"""Heavy pure code of oversight."""
