"""The facets by which products are found: prefixes of the words of code and description, and the state (row S24).

No framework, store or clock may enter.
"""

from __future__ import annotations

import re

from services.chassis.texts import fold
from services.sales.products.model import Product

# The longest prefix in characters; the most words of a description, and of a search.
LONGEST_PREFIX, MOST_WORDS, MOST_ASKED = 12, 30, 8
EVERY = "*"
_WORDS = re.compile(r"[^\W_]+")


def facets_of(product: Product) -> list[str]:
    """The facets of a product, each once. EVERY and the state begin with a sign, so that no word equals them."""
    words = [*_words(product.code), *_words(product.key), *_words(product.description)[:MOST_WORDS]]
    beginnings = (word[:length] for word in words for length in range(1, min(len(word), LONGEST_PREFIX) + 1))
    return [EVERY, f"={product.state}", *dict.fromkeys(beginnings)]


def wanted_facets(words: str, state: str | None) -> list[str]:
    """The facets of a search, the most selective first; EVERY for a search without words and state."""
    wanted = sorted({word[:LONGEST_PREFIX] for word in _words(words)[:MOST_ASKED]}, key=len, reverse=True)
    return [*wanted, *([f"={state}"] if state else [])] or [EVERY]


def _words(text: str) -> list[str]:
    return _WORDS.findall(fold(text))
