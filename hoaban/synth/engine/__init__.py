"""The synthesiser's engine: plain columns from the facts to the forms, no Django, no clock."""
