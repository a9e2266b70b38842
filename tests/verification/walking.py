"""Checking forms in Chromium as an officer does: keys only, the fewest there are."""

from __future__ import annotations

from playwright.sync_api import Page

# one answer at a time: what is pressed at a form by what was found on it
EQUAL = ("Enter",)  # nothing differs: the button that goes on has the focus
FORM_IS_RIGHT = ("1", "Enter")  # one difference: its field has the focus, then the button


def at_form(page: Page) -> bool:
    """Whether a form lies before the checker."""
    return page.locator("form.checking").count() == 1


def has_difference(page: Page) -> bool:
    """Whether the form and the register are known to differ."""
    return page.locator("form.checking tr.differs").count() > 0


def answer(page: Page, keys: tuple[str, ...] | None = None) -> int:
    """Answer the form that lies there and wait for what follows; how many keys it took."""
    pressed = keys or (FORM_IS_RIGHT if has_difference(page) else EQUAL)
    before = page.url
    for key in pressed:
        page.keyboard.press(key)
    wait_for_another(page, before)
    page.wait_for_function("document.readyState === 'complete'")
    return len(pressed)


def wait_for_another(page: Page, before: str) -> None:
    """Wait until another form lies there: it's written into the page, which isn't loaded anew."""
    page.wait_for_url(lambda url: url != before, wait_until="commit")
