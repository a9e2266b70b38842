"""Pages of the checks: rounds and their gate, the screen of one form, corrections for a second officer."""
