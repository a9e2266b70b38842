"""Heavy pure parts of places: outlines computed from seats, GeoJSON read, maps drawn."""
