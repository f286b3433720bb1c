"""Values in, bytes out: documents and spreadsheets. The libraries are loaded only where a file is being made."""
