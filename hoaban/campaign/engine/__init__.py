"""The week's plan without a database: an order of villages is sought, laid out over days, replayed and judged."""
