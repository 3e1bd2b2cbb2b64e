"""What every service needs and none owns; it contains no business word. README.md has a line for each file."""
