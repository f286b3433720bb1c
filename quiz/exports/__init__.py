"""Values in, bytes out: spreadsheets and documents."""
