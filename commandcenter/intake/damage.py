"""A file that stops being readable somewhere in the middle."""

from commandcenter.errors import PersonError


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
