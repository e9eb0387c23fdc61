"""The demo fund's settings: invented, and with everything the law asks for before an account is shown."""

from __future__ import annotations

from pathlib import Path

from carefund_bot.settings import Settings

_LAWFUL = {
    "certificate_number": "示例募证〔2012〕第001号",
    "filing_number": "示例备〔2012〕第001号",
    "appeal_from": "2012-01-01",
    "appeal_until": "2062-12-31",
}
_PHONES = {
    "city": "0512-0000-0001",
    "zhangjiagang": "0512-0000-0002",
    "changshu": "0512-0000-0003",
    "taicang": "0512-0000-0004",
    "kunshan": "0512-0000-0005",
    "wujiang": "0512-0000-0006",
}


def demo_settings(folder: Path, token: str, api_base_url: str) -> Settings:
    """Settings for a fund whose files all lie in one folder."""
    funds = {
        code: _LAWFUL
        | {
            "office_phone": phone,
            "office_address": "示例路 1 号",
            "bank_account": {"holder": "示例关爱基金会", "bank": "太湖示例银行", "number": f"0000 1111 000{place}"},
        }
        for place, (code, phone) in enumerate(_PHONES.items())
    }
    return Settings.model_validate(
        {
            "telegram": {"token": token, "api_base_url": api_base_url},
            "store": {"database": folder / "fund.db", "key_file": folder / "fund.key", "environment": "demo"},
            "funds": funds,
        }
    )
