"""/colleagues: an administrator adds a colleague, gives a new code, ends what somebody may do."""

from __future__ import annotations

from typing import Any

from telegram import CopyTextButton, InlineKeyboardButton, Update

from carefund_bot.access import STAFF_ROLES, Permission, Right, Role
from carefund_bot.clock import shanghai_day
from carefund_bot.domain.notices import Place
from carefund_bot.domain.people import clean_name, is_name
from carefund_bot.errors import NotAllowed, StaleButton
from carefund_bot.services.staffing import NewColleague
from carefund_bot.texts import codes
from carefund_bot.texts import colleagues as texts
from carefund_bot.texts.notices import place_name, whole
from handlers.context import FundContext
from handlers.feature import Feature, button, keyboard
from handlers.staff.notice_places import areas_of, written

NAME = "staff"
_SHOWN = 8
_DAY_S = 86_400

Draft = dict[str, Any]


async def show(update: Update, context: FundContext) -> None:
    del update
    await _show_from(context, 0)


async def show_next(update: Update, context: FundContext) -> None:
    del update
    await _show_from(context, context.pressed.number)


async def _show_from(context: FundContext, first: int) -> None:
    words, found = context.words, await context.fund.staffing.colleagues(context.actor)
    shown, after = found[first : first + _SHOWN], first + _SHOWN
    rows = ([button(texts.row_label(words, each), NAME, "look", str(each.id))] for each in shown)
    await context.reply(
        texts.listed(words, len(found)) if found else texts.nobody_yet(words),
        keyboard(
            *rows,
            [button(texts.next_label(words), NAME, "list", str(after))] if found[after:] else [],
            [button(texts.add_label(words), NAME, "add", style="success")],
        ),
    )


async def look(update: Update, context: FundContext) -> None:
    """A colleague; one's own rights are for another administrator to end."""
    del update
    words, colleague = context.words, await context.fund.staffing.look(context.actor, context.pressed.number)
    which, is_own = str(colleague.id), colleague.id == context.actor.staff_id
    ends = [] if is_own else [[button(texts.end_label(words), NAME, "end", f"{which}-0", style="danger")]]
    if len(colleague.rights) > 1 and not is_own:
        ends = [
            *(
                [button(texts.end_one_label(words, right), NAME, "end", f"{which}-{right_id}")]
                for right, right_id in zip(colleague.rights, colleague.right_ids, strict=True)
            ),
            *ends,
        ]
    await context.reply(
        texts.card(words, colleague),
        keyboard(
            [button(texts.renew_label(words), NAME, "renew", which)],
            *ends,
            [button(texts.back_label(words), NAME, "list", "0")],
        ),
    )


async def ask_end(update: Update, context: FundContext) -> None:
    del update
    staff_id, right_id = _pressed_right(context)
    await _ask_end(context, context.new_draft() | {"staff_id": staff_id, "right_id": right_id})


async def _ask_end(context: FundContext, draft: Draft) -> None:
    colleague = await context.fund.staffing.look(context.actor, draft["staff_id"])
    held = zip(colleague.right_ids, colleague.rights, strict=True)
    ending = [right for right_id, right in held if draft["right_id"] in (None, right_id)]
    if not ending:
        raise NotAllowed
    await context.keep(NAME, "end", draft)
    await context.reply(
        texts.ask_end(context.words, colleague, ending),
        keyboard(
            [_step(draft, texts.end_it_label(context.words), "end_it", style="danger")],
            [button(texts.keep_label(context.words), "cancel", "act")],
        ),
    )


def _pressed_right(context: FundContext) -> tuple[int, int | None]:
    """Whose right, and which; `None` for all of them."""
    staff_id, _, right_id = context.pressed.argument.partition("-")
    if not (staff_id.isdecimal() and right_id.isdecimal()):
        raise StaleButton
    return int(staff_id), int(right_id) or None


async def end(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME, "end")
    ended = await context.fund.staffing.end(context.actor, draft["staff_id"], draft["right_id"])
    await context.end_act()
    await context.reply(texts.ended(context.words, ended))


async def ask_renew(update: Update, context: FundContext) -> None:
    del update
    await _ask_renew(context, context.new_draft() | {"staff_id": context.pressed.number})


async def _ask_renew(context: FundContext, draft: Draft) -> None:
    colleague = await context.fund.staffing.look(context.actor, draft["staff_id"])
    await context.keep(NAME, "renew", draft)
    await context.reply(
        texts.ask_renew(context.words, colleague),
        keyboard(
            [_step(draft, texts.renew_it_label(context.words), "renew_it")],
            [button(texts.keep_code_label(context.words), "cancel", "act")],
        ),
    )


async def renew(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME, "renew")
    await _hand_out(
        context, await context.fund.staffing.renew_code(context.actor, draft["staff_id"], draft["request_id"])
    )


async def ask_name(update: Update, context: FundContext) -> None:
    """In a new message: the list stays."""
    del update
    await context.keep(NAME, "name", context.new_draft())
    await context.reply(texts.ask_name(context.words), keyboard(_drop_row(context)), fresh=True)


async def read_name(update: Update, context: FundContext) -> None:
    del update
    draft, name = context.draft(NAME, "name"), clean_name(context.said)
    if not is_name(name):
        await context.reply(texts.not_a_name(context.words), keyboard(_drop_row(context)))
        return
    await _ask_roles(context, draft | {"name": name, "roles": []})


async def choose_role(update: Update, context: FundContext) -> None:
    """A role is taken in, or out again."""
    del update
    draft, role = context.draft(NAME, "roles"), context.pressed.argument
    if role not in STAFF_ROLES:
        raise NotAllowed
    chosen = [each for each in STAFF_ROLES if (each in draft["roles"]) != (each == role)]
    await _ask_roles(context, draft | {"roles": chosen})


async def _ask_roles(context: FundContext, draft: Draft) -> None:
    words, chosen = context.words, draft["roles"]
    roles = [
        _step(draft, texts.role_label(words, role, is_chosen=role in chosen), "role", role) for role in STAFF_ROLES
    ]
    await context.keep(NAME, "roles", draft)
    await context.reply(
        texts.ask_roles(words, draft["name"]),
        keyboard(
            *(roles[start : start + 2] for start in range(0, len(roles), 2)),
            [_step(draft, texts.chosen_label(words), "chosen", style="success")] if chosen else [],
            _drop_row(context),
        ),
    )


async def ask_place(update: Update, context: FundContext) -> None:
    """Not asked of an administrator who has one place only."""
    del update
    draft = context.draft(NAME, "roles")
    if not draft["roles"]:
        raise StaleButton
    places = await context.fund.staffing.places(context.actor)
    if len(places) == 1:
        await _narrow(context, draft, places[0])
    else:
        await _ask_place(context, draft)


async def _ask_place(context: FundContext, draft: Draft) -> None:
    """Of all that the administrator has, or of the areas of the one that was chosen."""
    words, places = context.words, await context.fund.staffing.places(context.actor)
    within = next((place for place in places if written(place) == draft.get("within")), None)
    if within is None:
        rows = [[_step(draft, place_name(words, place, None), "where", written(place))] for place in places]
    else:
        areas = areas_of(within, context.today)
        labels = [_step(draft, place_name(words, area, None), "place", written(area)) for area in areas]
        everywhere = _step(draft, whole(words, within.fund or ""), "place", written(within))
        rows = [[everywhere], *(labels[start : start + 2] for start in range(0, len(labels), 2))]
    await context.keep(NAME, "place", draft)
    await context.reply(texts.ask_place(words, draft["name"]), keyboard(*rows, _drop_row(context)))


async def choose_place(update: Update, context: FundContext) -> None:
    del update
    await _narrow(context, context.draft(NAME, "place"), await _pressed_place(context))


async def _narrow(context: FundContext, draft: Draft, place: Place) -> None:
    """A fund may be narrowed to one of its areas."""
    if areas_of(place, context.today):
        await _ask_place(context, draft | {"within": written(place)})
    else:
        await _ask_add(context, draft | _placed(place))


async def take_place(update: Update, context: FundContext) -> None:
    del update
    await _ask_add(context, context.draft(NAME, "place") | _placed(await _pressed_place(context)))


async def _pressed_place(context: FundContext) -> Place:
    """One of the places that the administrator has, or an area in one of them."""
    places = await context.fund.staffing.places(context.actor)
    inside = [area for place in places for area in areas_of(place, context.today)]
    there = {written(place): place for place in (*places, *inside)}
    if context.pressed.argument not in there:
        raise NotAllowed
    return there[context.pressed.argument]


def _placed(place: Place) -> Draft:
    return {"place": [place.fund, place.area, place.branch_id]}


async def _ask_add(context: FundContext, draft: Draft) -> None:
    words = context.words
    await context.keep(NAME, "confirm", draft)
    await context.reply(
        texts.ask_add(words, draft["name"], _rights(draft)),
        keyboard([_step(draft, texts.add_it_label(words), "add_it", style="success")], _drop_row(context)),
    )


def _rights(draft: Draft) -> list[Right]:
    return [Right(Role(role), *draft["place"]) for role in draft["roles"]]


async def add(update: Update, context: FundContext) -> None:
    del update
    draft = context.draft(NAME, "confirm")
    await _hand_out(
        context,
        await context.fund.staffing.add(context.actor, draft["name"], _rights(draft), draft["request_id"]),
    )


async def _hand_out(context: FundContext, colleague: NewColleague) -> None:
    """The code, once: nothing shows it again."""
    words, fund = context.words, context.fund
    until = shanghai_day(fund.ground.now() + fund.settings.linking.code_days * _DAY_S)
    await context.end_act()
    await context.reply(
        texts.handed_out(words, colleague.printed, until),
        keyboard(
            [
                _copy(codes.copy_code(words), colleague.printed),
                _copy(codes.copy_link(words), colleague.start_link(context.bot.username)),
            ]
        ),
    )


def _copy(label: str, text: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(str(label), copy_text=CopyTextButton(text))


def _step(draft: Draft, label: str, verb: str, argument: str = "", *, style: str | None = None) -> InlineKeyboardButton:
    return button(label, NAME, verb, argument, draft["request_id"], style=style)


def _drop_row(context: FundContext) -> list[InlineKeyboardButton]:
    return [button(texts.drop_label(context.words), "cancel", "act")]


FEATURE = Feature(
    name=NAME,
    command="colleagues",
    summary=texts.summary,
    opens=show,
    phrases=("管同事", "加同事", "同事名单"),
    permission=Permission.MANAGE_STAFF,
    steps={"name": read_name},
    asks={
        "roles": _ask_roles,
        "place": _ask_place,
        "confirm": _ask_add,
        "end": _ask_end,
        "renew": _ask_renew,
    },
    buttons={
        "list": show_next,
        "look": look,
        "end": ask_end,
        "end_it": end,
        "renew": ask_renew,
        "renew_it": renew,
        "add": ask_name,
        "role": choose_role,
        "chosen": ask_place,
        "where": choose_place,
        "place": take_place,
        "add_it": add,
    },
)
