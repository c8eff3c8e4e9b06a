"""Import: bring chats in, see what became of them, and of the imports before."""

from lib.screen.import_form import import_form, import_format, refusal
from lib.screen.import_report import import_history, last_report
from lib.screen.page import IMPORT, begin

begin(IMPORT)
refusal()
last_report()
import_form()
import_format()
import_history()
