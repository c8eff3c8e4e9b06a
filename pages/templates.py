"""Mail templates: what the e-mails to visitors begin with, by purpose and language."""

from lib.screen.page import TEMPLATES, begin
from lib.screen.template_page import template_page

with begin(TEMPLATES):
    template_page()
