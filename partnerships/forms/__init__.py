"""The forms of our relationships; a module for each subject, as in `models`."""
