"""Import: bring chats in, see what became of them, and of the imports before."""

from lib.screen.frame.page import IMPORT, begin
from lib.screen.imports.about import import_about, waiting_line
from lib.screen.imports.accounts import account_names_form
from lib.screen.imports.form import import_form
from lib.screen.imports.past import import_history
from lib.screen.imports.preview import import_preview
from lib.screen.imports.report import last_report
from lib.screen.today.inbox import inbox_history

with begin(IMPORT):
    last_report()
    import_preview(import_form())
    waiting_line()
    import_about()
    account_names_form()
    inbox_history()
    import_history()
