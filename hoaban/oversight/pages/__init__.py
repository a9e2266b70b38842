"""The data protection pages."""
