"""The fifteen ways a report comes in: twelve online, three on foot (荣成 [S])."""

from dataclasses import dataclass

from commandcenter.demo.resources import table


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel; `share` is its part of the demo's reports (the sum over all channels is 100)."""

    id: int
    code: str
    name: str
    online: bool
    share: float


def channels() -> tuple[Channel, ...]:
    """All channels, ids 1-15."""
    return tuple(
        Channel(int(row["id"]), row["code"], row["name"], row["online"] == "1", float(row["share"]))
        for row in table("channels.csv")
    )
