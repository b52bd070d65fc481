"""The sentences of the start, in English and in Chinese, and the exception that stops with one."""

import os
import sys
from typing import Any

from ui import terminal_language

# Each sentence in English and in Chinese: the app's catalogues cannot be read before its libraries are there.
SENTENCES = {
    "python_too_old": (
        "Regulars needs Python {needed} or newer, and this is Python {found}.\n"
        "Install a newer one from https://www.python.org/downloads/ and run start.py with it.",
        "回头客需要 Python {needed} 或更高版本，现在这个是 Python {found}。\n"
        "请从 https://www.python.org/downloads/ 安装新版本，再用它运行 start.py。",
    ),
    "no_venv": (
        "This Python has no venv module, which keeps the app's libraries apart from the rest. On Debian and "
        "Ubuntu, install it with\n    {command}\nand start again. Elsewhere, install Python from "
        "https://www.python.org/downloads/.",
        "这个 Python 缺少 venv 模块（它把本软件的组件与系统其他部分隔开）。在 Debian 和 Ubuntu 上，请运行\n"
        "    {command}\n然后重新启动。其他系统请从 https://www.python.org/downloads/ 安装 Python。",
    ),
    "venv_failed": (
        "The folder .venv for the app's libraries could not be made:\n    {detail}",
        "无法创建存放组件的 .venv 文件夹：\n    {detail}",
    ),
    "read_only": (
        "Nothing can be written in {folder}. Move the app into a folder of your own (Documents, for example) "
        "and start again.",
        "文件夹 {folder} 不可写。请把本软件移到您自己的文件夹（例如“文档”），再重新启动。",
    ),
    "no_network": (
        "The app's libraries could not be fetched: there is no connection to the internet, or something blocks "
        "it. Connect and start again; it is needed this once only.",
        "无法下载组件：没有连上互联网，或连接被拦截。请联网后重新启动；只有这一次需要网络。",
    ),
    "disk_full": (
        "The disk is full: about 1 GB is needed for the app's libraries. Make room and start again.",
        "磁盘已满：组件大约需要 1 GB 空间。请腾出空间后重新启动。",
    ),
    "install_failed": (
        "The app's libraries could not be installed. The installer's last words were:\n{detail}",
        "组件安装失败。安装程序最后的输出是：\n{detail}",
    ),
    "port_taken": (
        "Port {port} is in use already. Close what uses it, or start with another port: "
        "python3 start.py --port {other}",
        "端口 {port} 已被占用。请关闭占用它的程序，或换一个端口：python3 start.py --port {other}",
    ),
    "ports_taken": (
        "Ports {first} to {last} are all in use already. Choose another: python3 start.py --port {other}",
        "端口 {first} 到 {last} 都已被占用。请另选一个：python3 start.py --port {other}",
    ),
    "server_died": (
        "The app stopped before it could answer (code {code}). What it said stands above.",
        "软件在启动过程中退出（代码 {code}），原因见上文。",
    ),
    "server_ended": ("The app has stopped by itself (code {code}).", "软件已自行停止（代码 {code}）。"),
    "server_slow": (
        "The app did not answer within {seconds} seconds. Start it again; if it happens twice, restart the computer.",
        "软件在 {seconds} 秒内没有响应。请重新启动；如果再次出现，请重启电脑。",
    ),
    "making_venv": ("Making a place for the app's libraries …", "正在创建存放组件的位置 …"),
    "again": ("The last set-up was interrupted; it is done again.", "上次安装被中断，现在重新安装。"),
    "fetching": (
        "Fetching {total} libraries (once; a few minutes) …",
        "正在下载 {total} 个组件（仅此一次，需要几分钟）…",
    ),
    "fetched": ("    {done} of {total}: {name}", "    {done} / {total}：{name}"),
    "unpacking": ("Unpacking them …", "正在安装 …"),
    "ready": ("Everything is in place.", "一切就绪。"),
    "other_port": (
        "Port {port} is in use already; port {chosen} is taken instead.",
        "端口 {port} 已被占用，改用端口 {chosen}。",
    ),
    "starting": ("Starting the app …", "正在启动 …"),
    "open": (
        "Regulars is open at {url}\nKeep this window open while you use it; Ctrl-C ends it.",
        "回头客已打开：{url}\n使用期间请不要关闭这个窗口；按 Ctrl-C 结束。",
    ),
    "already_open": (
        "Regulars is already running with this shop; opening {url}",
        "回头客已在为这家店运行，正在打开 {url}",
    ),
    "goodbye": (
        "Regulars has ended. Your data stays on this computer. Goodbye!",
        "回头客已关闭，数据都留在这台电脑上。再见！",
    ),
    "interrupted": ("Stopped halfway, as you asked.", "已按您的要求中途停止。"),
    "getting_browser": (
        "Installing a browser for the browser tests …",
        "正在为浏览器测试安装浏览器 …",
    ),
    "no_browser": (
        "No Chromium was found and none could be installed: the browser tests cannot run.",
        "找不到 Chromium，也无法安装：浏览器测试无法运行。",
    ),
    "no_fonts": (
        "Warning: no font with Chinese characters could be installed; screenshots will show boxes.",
        "警告：无法安装中文字体，截图中的汉字会显示为方块。",
    ),
}


class Stop(Exception):
    """Ends the start with the sentence `key`, its holes filled from `params`."""

    def __init__(self, key: str, **params: Any) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


def sentence(key: str, **params: Any) -> str:
    """The sentence `key` in the terminal's language."""
    english, chinese = SENTENCES[key]
    chosen = chinese if terminal_language(os.environ) == "zh_CN" else english
    return chosen.format(**params)


def say(key: str, **params: Any) -> None:
    """Print the sentence `key` at once; in English, and with question marks, where the terminal has no Chinese."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    text = sentence(key, **params)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = SENTENCES[key][0].format(**params).encode(encoding, "replace").decode(encoding)
    print(text, flush=True)
