"""Which database a run of the program works on: the one named by an address, or this computer's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from commandcenter import address
from commandcenter.config import Settings


@dataclass(frozen=True, slots=True)
class Centre:
    """An opened centre. On a server named by address the login in it is the identity."""

    url: str
    """Who asks, and where: the given address, or the superuser's on the embedded server."""
    embedded: bool
    settings: Settings
    revive: Callable[[], object] | None = None
    """Brings the embedded server up again after it fell; None for a server named by address, which has its own keepers."""

    def person_url(self, login: str, password: str) -> str:
        """The address for a person of this centre."""
        return address.with_login(self.url, login, password)

    def server_url(self, database: str = "postgres") -> str:
        """The address of another database of the same server."""
        return address.with_database(self.url, database)

    @property
    def database(self) -> str:
        """The database's name."""
        return address.database_of(self.url)


@contextmanager
def open_centre(settings: Settings, progress: Callable[[str], None]) -> Iterator[Centre]:
    """Open the centre of these settings; the embedded server is started, and left when the block ends.

    Raises PersonError.
    """
    if settings.database_url is not None:
        yield Centre(address.plain(settings.database_url), embedded=False, settings=settings)
        return
    from commandcenter.db.server import EmbeddedServer

    with EmbeddedServer(settings.data_dir, progress=progress) as server:
        url = address.with_database(server.start().admin_url, address.DEFAULT_DATABASE)
        yield Centre(url, embedded=True, settings=settings, revive=server.start)
