"""One room per screen: `page.py` chooses, calls and shows; the parts that only this screen has lie beside it."""
