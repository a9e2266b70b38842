"""One file per promise about speed or accuracy; each compares with a yardstick in the same run."""
