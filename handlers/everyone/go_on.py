"""接着办: a form that was left for something else goes on where it stood."""

from __future__ import annotations

from telegram import Update

from carefund_bot.errors import StaleButton
from carefund_bot.services.accounts import Conversation
from carefund_bot.texts import everyone as texts
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard

NAME = "goon"


async def offer(context: FundContext, form: Conversation) -> None:
    """Below the answer to something else."""
    words = context.words
    await context.reply(
        texts.form_waits(words),
        keyboard(
            [
                button(texts.go_on(words), NAME, "form", request_id=form.facts["request_id"], style="success"),
                button(texts.leave_form(words), "cancel", "act"),
            ]
        ),
        fresh=True,
    )


async def go_on(update: Update, context: FundContext) -> None:
    """What the form asked last is asked once more."""
    del update
    form = await context.take_up_form()
    asks = next((feature.asks for feature in context.bot_data.features if feature.name == form.act), {})
    if form.step not in asks:
        raise StaleButton
    await asks[form.step](context, dict(form.facts))


FEATURE = Feature(name=NAME, opens=go_on, buttons={"form": go_on})
