"""What a service stores of a person: its inventory, its report, and its erasure."""
