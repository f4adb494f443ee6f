"""The file somebody is at, and what was decided about it so far: in its profile, column by column, word by word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from commandcenter.config import load_settings
from commandcenter.intake.preview import Preview, folded
from commandcenter.intake.profile import Profile
from commandcenter.services.import_aside import Order
from ui.importing.columns import ColumnsPreview
from ui.importing.trial import Trial


class ImportSource:
    """Puts together what the steps say. `profiles` are those of the centre, `preview` is how the file was understood."""

    def __init__(self, path: Path, profiles: tuple[Profile, ...], columns: ColumnsPreview, trial: Trial) -> None:
        self.path = path
        self.profiles = profiles
        self.preview: Preview | None = None
        self._columns, self._trial = columns, trial

    def profile(self, name: str = "") -> Profile:
        """What has been decided, as a profile."""
        chosen = self._chosen()
        meant = {field: dict(each) for field, each in chosen.words.items()}
        for field, each in self._trial.words.items():
            meant.setdefault(field, {}).update(each)
        header = folded([each.name for each in self.preview.columns]) if self.preview else ()
        columns = self._columns
        return Profile(
            name or chosen.name,
            {**chosen.columns, **columns.columns},
            str(columns.channel.currentData() or ""),
            str(columns.crs.currentData() or ""),
            str(columns.dates.currentData() or ""),
            meant,
            header,
        )

    def first_look(self) -> Order:
        """To see what the file is; one of the profiles may recognise it."""
        return Order(self.path, profiles=self.profiles)

    def next_look(self) -> Order:
        """To see it again, as it is read with what was decided."""
        chosen = replace(self._chosen(), dates=str(self._columns.dates.currentData() or ""))
        return Order(self.path, chosen, columns=self._columns.columns, choices=self._columns.choices())

    def order(self) -> Order:
        """To try it, or to take it in."""
        used = self.profile()
        return Order(
            self.path,
            used,
            choices=self._columns.choices(),
            channel=used.channel,
            crs=used.crs,
            spare_folder=load_settings().data_dir / "rejects",
        )

    def _chosen(self) -> Profile:
        name = str(self._columns.profile.currentData() or "")
        return next((each for each in self.profiles if each.name == name), Profile())
