"""Truth: made-up provinces with their answers, against which the register's work is scored."""
