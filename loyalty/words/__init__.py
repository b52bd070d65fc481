"""Messages with their English source, their translation, and formats of money, numbers and dates."""

from loyalty.words.message import N_, Message
from loyalty.words.speaker import LANGUAGES, Words, words_for

__all__ = ["LANGUAGES", "N_", "Message", "Words", "words_for"]
