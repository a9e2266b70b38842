"""Drawing and comparing without Django: charts, maps, differences between two writings."""
