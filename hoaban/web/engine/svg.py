"""Writing SVG: escaped text, short numbers, a title and a description for those who can't see."""

from __future__ import annotations

from html import escape


class Svg(str):
    """Finished SVG. Templates take it as it is, by the `__html__` convention."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def short(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{round(value, 1) + 0:g}"


def text(x: float, y: float, words: object, *, anchor: str = "start", style: str = "") -> str:
    """Words at a place."""
    extra = f' text-anchor="{anchor}"' if anchor != "start" else ""
    look = f' class="{style}"' if style else ""
    return f'<text x="{short(x)}" y="{short(y)}"{extra}{look}>{escape(str(words))}</text>'


def linked(href: str, inside: str, title: str) -> str:
    """`inside` as a link with a title; without an address only titled."""
    told = f"<title>{escape(title)}</title>"
    if not href:
        return f"<g>{told}{inside}</g>"
    return f'<a href="{escape(href)}" aria-label="{escape(title)}">{told}{inside}</a>'


def drawing(
    *,
    key: str,
    width: float,
    height: float,
    title: str,
    description: str,
    inside: str,
    links: bool = False,
    widest: int | None = None,
) -> Svg:
    """The whole picture. `key` makes its ids unique on the page; `links` when there are links inside.

    `widest` is how many pixels wide it may grow where there is room; without, it fills its column.
    """
    role = "group" if links else "img"
    grows = f' width="{widest}"' if widest else ""
    return Svg(
        f'<svg class="draw" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {short(width)} {short(height)}"{grows}'
        f' role="{role}" aria-labelledby="{key}-t {key}-d">'
        f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(description)}</desc>'
        f"{inside}</svg>"
    )
