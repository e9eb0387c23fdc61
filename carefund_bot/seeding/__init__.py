"""An invented fund with the published figures: every person is made up, every sum adds up to the fen.

`plan` holds the numbers, `people` the invented names and numbers, `rows` turns a plan into rows, `filling` writes them
through the real schema, its triggers and foreign keys on, everything personal sealed as the imports seal it.
"""

from carefund_bot.seeding.filling import seed
from carefund_bot.seeding.plan import FULL, SCALES, SMALL, Scale

__all__ = ["FULL", "SCALES", "SMALL", "Scale", "seed"]
