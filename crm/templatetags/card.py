"""`{% load card %}`: draws the panels that the rooms offer."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from contacts.card import Panel

register = template.Library()


@register.simple_tag(takes_context=True)
def draw(context: Context, panel: Panel) -> SafeString:
    """The panel in the context of the page, with what the panel itself loads."""
    engine = context.template.engine  # type: ignore[union-attr]
    with context.push(**panel.load(), panel=panel):
        return engine.get_template(panel.template).render(context)
