"""Reports: how many chats there were, how long visitors waited, how they rated, and when and where chats are
missed, and who was there to answer them."""

from lib.screen.chats.empty import no_chats_yet
from lib.screen.chats.sidebar import sidebar_filters
from lib.screen.chats.view import read_view
from lib.screen.frame.page import REPORTS, begin
from lib.screen.reports.choices import settle_choices
from lib.screen.reports.coverage import report_coverage
from lib.screen.reports.document import report_download
from lib.screen.reports.figures import open_what_was_clicked, report_figures
from lib.screen.reports.groups import report_groups
from lib.screen.reports.ledger import report_ledger
from lib.screen.reports.replies import report_replies
from lib.screen.reports.week import report_week

with begin(REPORTS):
    settle_choices()
    open_what_was_clicked()
    sidebar_filters(read_view().chosen)
    if not no_chats_yet():
        report_figures(report_download)
        report_week()
        report_coverage()
        report_groups()
        report_replies()
        report_ledger()
