"""A contest file played forward with made-up people in a scratch database, to see what it would publish."""
