"""Mail templates: what the e-mails to visitors begin with, by purpose and language."""

from lib.screen.frame.page import TEMPLATES, begin
from lib.screen.templates.templates import template_page

with begin(TEMPLATES):
    template_page()
