"""What all routes share: access rules (access.py), authentication (auth.py), checks of requests (guards.py,
request_rules.py), headers of requests (auth.py) and answers (guards.py), problems, tokens, uploads and downloads."""
