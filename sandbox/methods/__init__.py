"""The Bot API methods the sandbox knows; importing this package fills `sandbox.calls.METHODS`."""

from sandbox.methods import chats, editing, files, profile, receiving, sending

__all__ = ["chats", "editing", "files", "profile", "receiving", "sending"]
