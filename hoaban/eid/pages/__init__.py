"""Pages of the e-ID: the door for citizens, slips for officers, what is shared with whom."""
