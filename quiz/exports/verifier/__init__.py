"""The two verifiers that are shipped in every bundle, and share no code."""
