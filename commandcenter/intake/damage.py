"""A file that stops being readable somewhere in the middle, and lines of it that can be read only as they stand."""

from collections.abc import Sequence

from commandcenter.errors import PersonError
from commandcenter.intake.value import Cell


class DamagedTable(PersonError):
    """Raised by a table's rows after the last good one; ``row_no`` is the first row that could not be read."""

    def __init__(self, row_no: int, what: str) -> None:
        super().__init__(
            f"文件从第 {row_no} 行起读不下去：{what}。",
            f"前 {row_no - 1} 行已读出；请在原系统重新导出，或用 Excel/WPS 打开后另存为 xlsx 再导入。",
        )
        self.row_no = row_no
        self.what = what

    def __reduce__(self) -> tuple[type["DamagedTable"], tuple[int, str]]:
        """Keep the error picklable: it is made from its facts, not from its sentence."""
        return DamagedTable, (self.row_no, self.what)


class Unpaired(list[Cell]):
    """The cells of one line whose quotes do not pair, cut at every delimiter; or of lines whose quotes pair by chance.

    ``whole``: the cells are right if they are as many as the header's, and ``note`` says what is strange about them.
    """

    def __init__(
        self, cells: Sequence[Cell], reason: str, *, whole: bool, note: str = "引号没有配对，按原样读入"
    ) -> None:
        super().__init__(cells)
        self.reason = reason
        self.whole = whole
        self.note = note
