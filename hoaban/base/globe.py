"""The size of the earth, for whoever lays a province out on a plane."""

KM_PER_DEGREE = 111.32  # of latitude; of longitude times the cosine of the latitude (WGS 84, rounded)
