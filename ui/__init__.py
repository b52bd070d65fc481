"""What the screens share. Here: how a running app says which shop it serves, and the terminal's language.

`start.py` reads this file before it knows whether Python is new enough, so its grammar stays that of Python 3.6.
"""

import hashlib
import locale
import os
from typing import Mapping

DEFAULT_PORT = 8510
INSTANCE_PATH = "/regulars-instance"


def shop_mark(environ: Mapping[str, str]) -> str:
    """A short mark of the shop's folder: equal for equal folders, and not readable back as a path.

    The folder is `LOYALTY_SHOP` of `environ`; without it, every start means the one default folder.
    """
    folder = environ.get("LOYALTY_SHOP", "")
    place = os.path.realpath(folder) if folder else "default"
    return hashlib.sha256(os.path.normcase(place).encode("utf-8")).hexdigest()[:16]


def terminal_language(environ: Mapping[str, str]) -> str:
    """`zh_CN` when the terminal's locale is Chinese, else `en`."""
    names = [environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    spoken = next(filter(None, names), "") or (locale.getlocale()[0] or "")
    return "zh_CN" if spoken.lower().startswith(("zh", "chinese")) else "en"
