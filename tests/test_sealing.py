"""Personal fields at rest: unreadable without the key, bound to their place, and nowhere in the file's bytes."""

from __future__ import annotations

import hmac
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from carefund_bot.errors import StartRefused
from carefund_bot.fund import Fund, open_fund
from carefund_bot.sealing import InvalidTag, Sealer, make_key, read_key
from carefund_bot.settings import Settings
from sandbox import Person, Sandbox
from tests.cast import DAI, GUO, GUO_CARD, JIANG_CARD, QIN, Cast, code_for, link
from tests.payouts import write_batch

SEALER, OTHER = Sealer(b"k" * 32), Sealer(b"o" * 32)
FIELDS = {"name": "秦兰", "phone": None, "size": 3}
JSON_FIELDS = st.dictionaries(st.text(), st.none() | st.text() | st.integers() | st.booleans())


@given(JSON_FIELDS)
def test_what_is_sealed_opens_again(fields: dict[str, object]) -> None:
    assert SEALER.open("member", SEALER.seal("member", fields)) == fields


def test_a_seal_opens_only_in_its_place() -> None:
    with pytest.raises(InvalidTag):
        SEALER.open("beneficiary", SEALER.seal("member", FIELDS))


def test_a_seal_opens_only_with_its_key() -> None:
    with pytest.raises(InvalidTag):
        OTHER.open("member", SEALER.seal("member", FIELDS))


@given(st.data())
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(SEALER.seal("member", FIELDS))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(InvalidTag):
        SEALER.open("member", bytes(sealed))


def test_equal_fields_do_not_look_equal() -> None:
    assert SEALER.seal("member", FIELDS) != SEALER.seal("member", FIELDS)


def test_fingerprints_find_equal_values_of_one_kind_under_one_key() -> None:
    print_of_card = SEALER.fingerprint("card", GUO_CARD)
    assert SEALER.fingerprint("card", GUO_CARD) == print_of_card
    assert SEALER.fingerprint("identity", GUO_CARD) != print_of_card
    assert OTHER.fingerprint("card", GUO_CARD) != print_of_card
    assert SEALER.fingerprint("a", "b\x00c") == SEALER.fingerprint("a", "b\x00c")
    assert len(print_of_card) == 16


def test_a_sealer_shows_no_key() -> None:
    assert (b"k" * 32).hex() not in repr(SEALER)
    assert "kkkk" not in repr(SEALER)


def test_a_new_key_is_its_owners_alone_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "fund.key"
    key = make_key(path)
    assert read_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        make_key(path)
    assert read_key(path) == key


@pytest.mark.parametrize("content", ["", "zz" * 32, "ab" * 31, "ab" * 33, "钥匙"])
def test_a_file_that_holds_no_key_is_refused_unquoted(tmp_path: Path, content: str) -> None:
    path = tmp_path / "fund.key"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StartRefused, match="key file") as refused:
        read_key(path)
    assert not content or content not in str(refused.value)


async def test_a_lost_key_is_said_plainly(settings: Settings) -> None:
    async with open_fund(settings):
        pass
    settings.store.key_file.unlink()
    with pytest.raises(StartRefused, match="is missing: without it the sealed names"):
        async with open_fund(settings):
            pass
    assert not settings.store.key_file.exists()


async def test_a_wrong_key_is_refused_at_start(settings: Settings) -> None:
    async with open_fund(settings):
        pass
    settings.store.key_file.write_text("ab" * 32)
    with pytest.raises(StartRefused, match="is not the one"):
        async with open_fund(settings):
            pass


async def test_no_bytes_of_the_files_show_anybody(sandbox: Sandbox, bot: Fund, cast: Cast, stranger: Person) -> None:
    qin, guo = sandbox.person("秦兰"), sandbox.person("郭明")
    await link(bot, qin, "member", cast.members[QIN])
    await link(bot, guo, "beneficiary", cast.beneficiaries[GUO])
    await write_batch(bot, cast.beneficiaries[GUO], "planned", "approved", card=GUO_CARD)
    code = await code_for(bot, "beneficiary", cast.beneficiaries[DAI])
    await stranger.says(f"/start {code}")
    database = bot.settings.store.database
    files = [database, database.with_name(f"{database.name}-wal")]
    everything = b"".join(file.read_bytes() for file in files)
    assert QIN.encode() in everything, "roll numbers are plain, so this looks at the right bytes"
    for secret in (
        "秦兰",
        "郭明",
        "戴强",
        "19500000001",
        "990105195410123038",
        GUO_CARD,
        JIANG_CARD,
        code,
        sandbox.token,
    ):
        assert secret.encode() not in everything
        assert secret.encode("utf-16-le") not in everything


@given(st.text(), st.text())
def test_a_fingerprint_is_the_hmac_of_kind_and_value(kind: str, value: str) -> None:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"carefund-bot/fingerprint").derive(b"k" * 32)
    assert SEALER.fingerprint(kind, value) == hmac.digest(key, f"{kind}\x00{value}".encode(), "sha256")[:16]
