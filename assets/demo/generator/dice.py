"""Owns all chance in the data set.

Every choice comes from SHA-256 over a seed and a key, not from `random`, so that the files are the same bytes on
every Python version, and so that a finding keeps its values when another one is added before it.
"""

import hashlib

SEED = "hubtriage-demo-1"


class Dice:
    """An endless, repeatable stream of numbers that belongs to one key."""

    def __init__(self, *key):
        self._key = "|".join([SEED, *map(str, key)])
        self._turn = 0

    def _draw(self):
        self._turn += 1
        return hashlib.sha256(f"{self._key}#{self._turn}".encode()).hexdigest()

    def below(self, limit):
        """A whole number from 0 up to, but not including, `limit`."""
        return int(self._draw()[:15], 16) % limit

    def between(self, low, high):
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def pick(self, choices):
        return choices[self.below(len(choices))]

    def chance(self, percent):
        return self.below(100) < percent

    def shuffled(self, items):
        """A new list in another order (Fisher-Yates)."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def hex(self, length):
        text = ""
        while len(text) < length:
            text += self._draw()
        return text[:length]

    def base32(self, length):
        """Capital letters and digits, as in access key ids."""
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
        return "".join(self.pick(alphabet) for _ in range(length))

    def uuid(self):
        raw = self.hex(32)
        return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:]}"
