"""Pages of steering: the officer's home, the board and its names, the weekly report."""
