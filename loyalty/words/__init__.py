"""What the app says: messages with their English source, catalogues, and formats of money, numbers and dates."""

from loyalty.words.message import Message, N_
from loyalty.words.speaker import LANGUAGES, Words, words_for

__all__ = ["LANGUAGES", "Message", "N_", "Words", "words_for"]
