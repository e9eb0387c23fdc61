"""getFile; the bytes themselves are served under /file/bot<token>/."""

from sandbox.calls import Arguments, Kind, method
from sandbox.errors import Json, bad_request
from sandbox.telegram import Telegram


@method(needs={"file_id": Kind.TEXT})
def get_file(telegram: Telegram, call: Arguments) -> Json:
    stored = telegram.files.by_id.get(call["file_id"])
    if stored is None:
        raise bad_request("invalid file_id")
    return stored.as_file()
