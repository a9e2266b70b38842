"""Drawing what steering says: the report as DOCX and PDF, the board as a sheet, a chart of who is left."""
