"""Import: bring chats in, see what became of them, and of the imports before."""

from lib.screen.import_about import import_about, waiting_line
from lib.screen.import_form import import_form
from lib.screen.import_preview import import_preview
from lib.screen.import_report import import_history, last_report
from lib.screen.inbox_news import inbox_history
from lib.screen.page import IMPORT, begin

with begin(IMPORT):
    last_report()
    import_preview(import_form())
    waiting_line()
    import_about()
    inbox_history()
    import_history()
