"""Column work of intake: reading rows of forms, the rules of the desk, the workbook that goes back."""
