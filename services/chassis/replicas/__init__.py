"""Local copies of other services' records, the subscribers that keep them, and redirections of merged records."""
