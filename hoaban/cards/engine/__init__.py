"""The card itself, as pure code: machine readable zone, QR text, chip files, signatures, faces."""
