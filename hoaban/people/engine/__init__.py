"""Column work of the register: what a chunk of new people becomes, table by table, without a database."""
