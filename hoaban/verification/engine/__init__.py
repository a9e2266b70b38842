"""Statistics without Django: drawing samples, plans of acceptance, error rates with their bounds."""
