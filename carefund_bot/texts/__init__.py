"""Every word people read: one function per message, typed facts in, safe HTML out.

Sentences stand here in Chinese; `locale/en` holds the English. `words` comes first in every function and is the
reader's language.
"""
