"""What the command line tells a person, in English and Chinese; it works where Qt does not."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "zh_CN"]

_ZH = {
    "Store Guide: the tablet app of a shop's guides": "导购台：门店导购的平板应用",
    "check this tablet and say what to do": "检查这台平板并说明该怎么办",
    "write a file for HQ's support that tells how this tablet stands": "为总部支持人员写一份说明这台平板状况的文件",
    "Written: {path}": "已写入：{path}",
    "the folder of this tablet's data": "这台平板的数据文件夹",
    "en or zh_CN": "en 或 zh_CN",
    "a window instead of the whole screen": "用窗口而不是全屏",
    "well": "正常",
    "look": "注意",
    "wrong": "有问题",
    "Database library": "数据库组件",
    "Keys": "密钥",
    "Fonts": "字体",
    "Room on the disk": "磁盘空间",
    "Database": "数据库",
    "kept in the system's key store": "保存在系统密钥库中",
    "kept in files of this account, as there is no key store here: whoever can read them can read the shop's data": (
        "这里没有系统密钥库，密钥保存在本账户的文件中：能读到这些文件的人就能读到门店数据"
    ),
    "both weights are there": "两种字重齐全",
    "a font is missing: install Store Guide again": "缺少字体：请重新安装导购台",
    "{free} free": "剩余 {free}",
    "{free} free: make room, or new work cannot be saved": "剩余 {free}：请清理磁盘，否则无法保存新的工作",
    "not made yet: the tablet is not enrolled": "尚未创建：这台平板还没有登记",
    "opens, {size}": "可以打开，{size}",
    "not in step since {since}, {waiting} waiting": "上次同步 {since}，{waiting} 项待发送",
    "it cannot be opened: its key is gone from the key store. Restore the key store, or enrol this tablet anew": (
        "无法打开：密钥库里的密钥不见了。请恢复密钥库，或重新登记这台平板"
    ),
    "its files can be read by others: take their rights away (chmod 700 the folder, 600 the files)": (
        "其他账户能读到密钥文件：请收回权限（文件夹 chmod 700，文件 chmod 600）"
    ),
    "the system's key store does not open: sign in to the desktop, then start again": (
        "系统密钥库打不开：请先登录桌面再启动"
    ),
    "no key store was found; GUIDE_KEY_SOURCE=file keeps the keys in files": (
        "没有找到系统密钥库；设 GUIDE_KEY_SOURCE=file 可把密钥保存在文件中"
    ),
    "it is damaged: do not delete it, call HQ; what HQ has is safe": (
        "数据库已损坏：不要删除，请联系总部；总部已有的数据是安全的"
    ),
    "its key does not fit: it was made with another one": "密钥不匹配：它是用另一把密钥创建的",
    "it was made by a newer Store Guide: install that version": "它由更新版本的导购台创建：请安装新版本",
    "SQLite is too old: install Store Guide again": "SQLite 版本过旧：请重新安装导购台",
    "Store Guide runs already with this data folder": "导购台已在使用这个数据文件夹运行",
    "the disk is full: make room": "磁盘已满：请清理空间",
    "the disk or the folder cannot be written": "磁盘或文件夹不可写",
    "The setting {name} has a value that it does not know": "设置 {name} 的值无法识别",
    "Something went wrong that should not: {code}": "发生了不该发生的问题：{code}",
}

_PROBLEMS = {
    "key_gone": (
        "it cannot be opened: its key is gone from the key store. Restore the key store, or enrol this tablet anew"
    ),
    "key_file_open": "its files can be read by others: take their rights away (chmod 700 the folder, 600 the files)",
    "key_file": "the disk or the folder cannot be written",
    "key_store": "the system's key store does not open: sign in to the desktop, then start again",
    "key_store_missing": "no key store was found; GUIDE_KEY_SOURCE=file keeps the keys in files",
    "damaged": "it is damaged: do not delete it, call HQ; what HQ has is safe",
    "wrong_key": "its key does not fit: it was made with another one",
    "newer_version": "it was made by a newer Store Guide: install that version",
    "sqlite_too_old": "SQLite is too old: install Store Guide again",
    "already_running": "Store Guide runs already with this data folder",
    "disk_full": "the disk is full: make room",
    "disk_failed": "the disk or the folder cannot be written",
}


def say(text: str, language: Language, **values: str) -> str:
    """The text in the language, with its values; raises KeyError for a text without a translation."""
    return (_ZH[text] if language == "zh_CN" else text).format(**values)


def problem(code: str, language: Language, detail: str = "") -> str:
    """What an EnvironmentProblem's code means for the person at the command line."""
    if code == "setting":
        return say("The setting {name} has a value that it does not know", language, name=detail)
    if code in _PROBLEMS:
        return say(_PROBLEMS[code], language)
    return say("Something went wrong that should not: {code}", language, code=code)
