"""The rules of an NF-e, model 55 (row S22): what it needs, its number and key, its amounts, its states.

No framework, store, clock, XML or transport may enter.
"""
