"""From answers to marks, ranks, prizes and participation."""
