"""The province's keys, the packets' bytes on disk, and the opening of a packet: no tables, no Django."""
