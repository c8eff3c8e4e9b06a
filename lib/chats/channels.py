"""What channels are called; what is not known is shown as it came."""

from lib.chats.reply_channels import channel_code
from lib.language import _, mark

NAMES: dict[str, str] = {
    "web": mark("Web chat"),
    "app": mark("App"),
    "email": mark("E-mail"),
    "phone": mark("Phone"),
    "sms": mark("SMS"),
    "messenger": mark("Messenger"),
    "whatsapp": mark("WhatsApp"),
    "instagram": mark("Instagram"),
    "line": mark("LINE"),
    "telegram": mark("Telegram"),
}


def channel_name(text: str | None) -> str | None:
    """What a channel is called, in the current language; `text` is what a system calls it."""
    code = channel_code(text)
    return _(NAMES[code]) if code else text
