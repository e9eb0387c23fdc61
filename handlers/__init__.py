"""The table of contents: what a person can do here, in matching order. Registration, menus and /help come from it."""

from __future__ import annotations

from handlers.everyone import (
    answer_words,
    ask_question,
    browse_faq,
    cancel,
    choose_settings,
    get_help,
    my_cases,
    read_privacy,
    start_and_link,
)
from handlers.feature import Feature
from handlers.households import check_payout, report_problem
from handlers.members import change_pledge, check_contributions, get_statement, how_to_pay, make_pledge
from handlers.staff import (
    answer_cases,
    broadcast_notice,
    canned_answers,
    import_roll,
    issue_code,
    keep_faq,
    pass_case,
    prepare_payout,
    record_line,
    record_list,
    record_money,
    reverse_contribution,
    run_notice,
    run_payouts,
    see_week,
    settle_doubt,
)

FEATURES: tuple[Feature, ...] = (
    start_and_link.FEATURE,
    check_payout.FEATURE,
    report_problem.FEATURE,
    make_pledge.FEATURE,
    check_contributions.FEATURE,
    get_statement.FEATURE,
    change_pledge.FEATURE,
    how_to_pay.FEATURE,
    answer_words.FEATURE,
    ask_question.FEATURE,
    my_cases.FEATURE,
    browse_faq.FEATURE,
    answer_cases.FEATURE,
    pass_case.FEATURE,
    canned_answers.FEATURE,
    import_roll.FEATURE,
    run_payouts.FEATURE,
    prepare_payout.FEATURE,
    record_line.FEATURE,
    record_money.FEATURE,
    record_list.FEATURE,
    reverse_contribution.FEATURE,
    issue_code.FEATURE,
    broadcast_notice.FEATURE,
    keep_faq.FEATURE,
    see_week.FEATURE,
    run_notice.FEATURE,
    settle_doubt.FEATURE,
    get_help.FEATURE,
    choose_settings.FEATURE,
    choose_settings.LANGUAGE,
    read_privacy.FEATURE,
    cancel.FEATURE,
)
