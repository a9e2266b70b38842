"""The card pages: where is my card, the desk, batches, the counter."""
