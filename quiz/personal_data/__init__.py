"""Pure rules of personal data: what is held and why, for how long, and how requests about it are answered."""
