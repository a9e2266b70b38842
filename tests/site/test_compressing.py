"""What is text goes out compressed, padded so that sizes tell nothing."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
ZIPPED = {"Accept-Encoding": "gzip"}


def _content(client: Client, address: str, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.getvalue(), dict(answer.headers)


@pytest.mark.parametrize("address", ["/dinh-danh/dang-nhap", "/static/web/hb.css", "/static/web/flower.svg"])
def test_text_goes_out_compressed_to_who_takes_it(client: Client, address: str) -> None:
    plain, headers = _content(client, address, {})
    packed, packed_headers = _content(client, address, ZIPPED)

    assert "Content-Encoding" not in headers
    assert packed_headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed_headers["Vary"]
    assert len(gzip.decompress(packed)) == len(plain)
    assert len(packed) < len(plain)


def test_fonts_are_sent_as_they_are(client: Client) -> None:
    _font, headers = _content(client, "/static/web/noto-400.woff2", ZIPPED)

    assert "Content-Encoding" not in headers


def test_the_size_of_the_same_page_varies(client: Client) -> None:
    sizes = {len(_content(client, "/dinh-danh/dang-nhap", ZIPPED)[0]) for _time in range(10)}

    assert len(sizes) > 2


def test_a_file_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    _css, headers = _content(client, "/static/web/hb.css", ZIPPED)

    again = client.get("/static/web/hb.css", headers=ZIPPED | {"If-Modified-Since": headers["Last-Modified"]})

    assert again.status_code == 304
