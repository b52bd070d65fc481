"""Which port of this computer to use, and whether this shop is already open on one."""

import http.client
import json
import socket
import sys
from typing import Callable, Optional, Tuple

from launch.sentences import Stop, say
from ui import DEFAULT_PORT, INSTANCE_PATH

HOST = "127.0.0.1"
PORTS_TRIED = 10


def is_free(port: int) -> bool:
    """Whether a server of ours could listen on `port` of this computer."""
    with socket.socket() as probe:
        if sys.platform == "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def fetch(port: int, path: str) -> Tuple[int, str]:
    """Status and text that this computer's `port` answers for `path`; status 0 when nothing does.

    Never through a proxy: what is asked here lives on this computer.
    """
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(10000).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def serves_shop(port: int, mark: str) -> bool:
    """Whether this app answers on `port`, with the shop that `mark` stands for."""
    status, text = fetch(port, INSTANCE_PATH)
    try:
        return status == 200 and json.loads(text) == {"app": "regulars", "shop": mark}
    except ValueError:
        return False


def choose_port(
    explicit: Optional[int], free: Callable[[int], bool], serves: Callable[[int], bool]
) -> Tuple[int, bool]:
    """The port to use, and whether this shop is already served there.

    `explicit`: the port asked for, or None for the default and its next nine. `free`, `serves`: ask one port.
    """
    if explicit is not None:
        if free(explicit):
            return explicit, False
        if serves(explicit):
            return explicit, True
        raise Stop("port_taken", port=explicit, other=explicit + 1 if explicit < 65535 else DEFAULT_PORT)
    candidates = list(range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED))
    open_ports = [port for port in candidates if free(port)]
    for port in candidates:
        if port not in open_ports and serves(port):
            return port, True
    if not open_ports:
        raise Stop("ports_taken", first=candidates[0], last=candidates[-1], other=candidates[-1] + 100)
    if open_ports[0] != DEFAULT_PORT:
        say("other_port", port=DEFAULT_PORT, chosen=open_ports[0])
    return open_ports[0], False
