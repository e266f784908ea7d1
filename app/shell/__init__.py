"""Frame of every page: session and address bar, launching and following runs, messages, wording."""
