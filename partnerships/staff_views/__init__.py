"""The staff pages of our relationships; a module for each subject, as in `models`."""
