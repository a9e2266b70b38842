"""Keys of the OpenID provider."""
