"""A slip as a Word document, from a template that the office may edit."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import TemplateError

from commandcenter.errors import PersonError
from commandcenter.reports.slip_document import SlipDocument, template_words

TEMPLATE = Path(__file__).parents[2] / "resources" / "slips" / "slip.docx"


def template_of(data_dir: Path) -> Path:
    """The office's own template where there is one, ``templates/slip.docx`` in the data folder; otherwise ours."""
    own = data_dir / "templates" / "slip.docx"
    return own if own.is_file() else TEMPLATE


def slip_docx(document: SlipDocument, template: Path = TEMPLATE) -> bytes:
    """The slip as .docx. Raises PersonError where the template cannot be read or asks for what there is not."""
    try:
        made = DocxTemplate(template)
        made.render(template_words(document), autoescape=True)
        out = BytesIO()
        made.save(out)
    except (PackageNotFoundError, BadZipFile, TemplateError, KeyError, ValueError, OSError) as error:
        raise PersonError(f"三单模板“{template.name}”用不了。", "请改正，或移开自备的模板，改用程序自带的。") from error
    return out.getvalue()
