"""Reading the definitions of services from their files."""
