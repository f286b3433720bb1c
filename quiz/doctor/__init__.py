"""Whether an installation is fit to hold a contest: go or no-go with the mend for each. Looks, and changes nothing."""
