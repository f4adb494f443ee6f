"""A form as it was sent, escaped or in parts: fields in UTF-8 and in nothing else, and photos.

Who guesses at another encoding registers what nobody can read, and calls it registered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from commandcenter.errors import PersonError
from commandcenter.gateway.failing import NotAForm, TooLarge
from commandcenter.gateway.photo import cleaned_all
from commandcenter.services.gateway_reference import GatewayReference

ESCAPED: Final = "application/x-www-form-urlencoded"
IN_PARTS: Final = "multipart/form-data"
MOST_FIELDS: Final = 100
MOST_FILES: Final = 20
"""That are read at all; how many photos a report may have is the database's."""
MOST_TEXT: Final = 1024 * 1024
"""Bytes of an escaped form."""
MOST_PART: Final = 64 * 1024
"""Bytes of a field in parts."""


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent."""

    fields: Mapping[str, str]
    """The last value of each."""
    files: tuple[tuple[str, bytes], ...] = ()
    """Fields' names and contents, without those that nobody filled in."""

    def text(self, name: str) -> str:
        """A field; empty where there is none."""
        return self.fields.get(name, "")


async def read_form(request: Request) -> Form:
    """Raises NotAForm, TooLarge, PersonError."""
    kind = request.headers.get("content-type", ESCAPED).partition(";")[0].strip().lower()
    if kind == IN_PARTS:
        return await _parts(request)
    if kind == ESCAPED:
        return _escaped(await request.body())
    raise NotAForm("请用表单提交。", f"Content-Type 应为 {ESCAPED} 或 {IN_PARTS}。")


async def photos_in(form: Form, name: str, reference: GatewayReference) -> tuple[bytes, ...]:
    """The photos of a field, checked and written anew. Raises TooLarge, PersonError."""
    if any(field != name for field, _ in form.files):
        raise PersonError(f"照片要放在字段 {name} 里。", "请改正后再提交。")
    if len(form.files) > reference.photos:
        raise _too_many(reference.photos)
    if any(len(content) > reference.photo_bytes for _, content in form.files):
        raise TooLarge("照片太大。", f"每张最多 {reference.photo_bytes // 1048576} MB。")
    return await run_in_threadpool(cleaned_all, [content for _, content in form.files]) if form.files else ()


def _too_many(most: int) -> PersonError:
    return PersonError(f"最多 {most} 张照片。", "请减少照片后再提交。")


def _escaped(body: bytes) -> Form:
    if len(body) > MOST_TEXT:
        raise TooLarge("提交的内容太大。")
    text = _utf_8(body)  # what curl -d sends is not escaped at all
    try:
        return Form(dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")))
    except UnicodeDecodeError:
        raise _not_utf_8() from None
    except ValueError:
        raise PersonError("字段太多。") from None


async def _parts(request: Request) -> Form:
    parser = _Parts(
        request.headers, request.stream(), max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=MOST_PART
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        if error.message.startswith("Too many"):
            raise PersonError("字段或照片太多。", "请减少后再提交。") from None
        raise PersonError("表单不完整，或有一项太长。", "请改正后再提交。") from None
    try:
        said = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        sent = [(name, file) for name, file in form.multi_items() if isinstance(file, UploadFile) and file.size]
        return Form(said, tuple([(name, await file.read()) for name, file in sent]))
    finally:
        await form.close()


class _Parts(MultiPartParser):
    """Starlette's, which reads as Latin-1 whatever it cannot read."""

    def on_part_end(self) -> None:
        if self._current_part.file is None:
            self.items.append((self._current_part.field_name, _utf_8(self._current_part.data)))
        else:
            super().on_part_end()


def _utf_8(text: bytes | bytearray) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        raise _not_utf_8() from None


def _not_utf_8() -> PersonError:
    return PersonError("文字须用 UTF-8 编码。", "请改用 UTF-8 后再提交。")
