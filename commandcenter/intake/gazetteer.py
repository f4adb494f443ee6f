"""Where an address lies, by the county's own gazetteer: several candidates, each with how sure it is and why (domain.md §2)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from commandcenter.intake.locate import Locator
from commandcenter.intake.place.address import (
    CROSSING,
    Address,
    door_after,
    plain_text,
    read_address,
    without_buildings,
)
from commandcenter.intake.place.candidate import ENOUGH, Candidate, apart, better, how_words, nested, ranked
from commandcenter.intake.place.named import COMMUNITY, ROAD, TOWN, Named
from commandcenter.intake.place.road import meeting_of, spot_of
from commandcenter.intake.place.spelling import EXACT, Hit, Spellings

MOST = 5
"""Candidates that are given."""
_CONFIRMED = 0.97
"""How sure a name is whose town or community is written beside it."""
_ALONE = {2: 0.5, 3: 0.82, 4: 0.88}
"""How sure the only place of a name is without that, by the name's length; 0.92 for longer ones."""
_TOWN_ALONE = 0.9
_CONTRADICTED = 0.4
_ELSEWHERE = 0.6
_MOST_HITS = 24
"""Names of a text that are weighed: a long one mentions what it is about early."""
_MISSPELT_WITHIN = 80
"""Characters in which misspelt names are looked for: an address is not longer."""
_TOWN_DEPTH = 2
"""Parts of a town's path: a finer place may still be read out of the rest."""
_PART_OF_MORE = (
    "路",
    "街",
    "大道",
    "大街",
    "巷",
    "胡同",
    "小区",
    "花园",
    "家园",
    "大厦",
    "广场",
    "酒店",
    "饭店",
    "超市",
)
"""A town's short name before one of these is not the town (成山, 成山大道)."""
_BEFORE_TOWN = frozenset("市县区省州在到从于去往至住是的我家本与和跟及或")
"""After any other letter a town's short name is most likely a part of other words (老人和小孩 is not 人和)."""


@dataclass(frozen=True, slots=True)
class _Meant:
    """A hit with one of the places that have the name, and how sure the spelling is."""

    hit: Hit
    place: Named
    sure: float


class Gazetteer:
    """Finds places by their names. Made once; finding is a few dozen microseconds an address."""

    def __init__(self, places: Iterable[Named], locator: Locator | None = None) -> None:
        """Take areas and places; `locator` says in which grid a house of a road lies."""
        self._locator = locator
        self._paths: dict[int, str] = {}
        self._named: dict[str, list[tuple[Named, float]]] = {}
        county: list[str] = []
        for place in places:
            if place.kind == "county":
                county += [name for name in (place.name, place.name.rstrip("市县区")) if len(name) > 1]
                continue
            for name, sure in place.spellings():
                self._named.setdefault(name, []).append((place, sure))
        if locator is not None:
            self._paths = {area.id: area.path for area in locator.areas}
        self._county = tuple(dict.fromkeys(county))
        self._spellings = Spellings(self._named)

    def find(self, *texts: str, fuzzy: bool = True) -> tuple[Candidate, ...]:
        """Return the places that the parts of an address may mean, the surest first, at most `MOST`.

        `fuzzy` False for long texts that only mention places: nothing misspelt is read out of them.
        """
        address = read_address(texts, self._county, self._spellings.begins) if fuzzy else plain_text("|".join(texts))
        if address.outside or not address.text:
            return ()
        hits = self._spellings.exact(address.text)[:_MOST_HITS]
        found = self._weigh(address, hits)
        if fuzzy and (not found or found[0].score < ENOUGH or found[0].path.count(".") <= _TOWN_DEPTH):
            more = self._misspelt(address, hits)
            found = better(found, self._weigh(address, more)) if more else found
        return found[:MOST]

    def best(self, *texts: str, threshold: float, fuzzy: bool = True) -> Candidate | None:
        """Return the surest place, if it is as sure as `threshold`."""
        found = self.find(*texts, fuzzy=fuzzy)
        return found[0] if found and found[0].score >= threshold else None

    def knows(self, name: str, town: str) -> bool:
        """Tell whether a place of that name lies in the town (its path), or around it."""
        return any(nested(place.path, town) for place, _ in self._named.get(name, ()))

    def rest_of(self, text: str) -> str:
        """Return an address without the administrative prefixes, towns and communities that it begins with."""
        rest = read_address((text,), self._county, self._spellings.begins).text
        for hit in self._spellings.exact(rest):
            if hit.start or not any(place.kind in {TOWN, COMMUNITY} for place, _ in self._named[hit.name]):
                break
            return self.rest_of(rest[hit.end :])
        return rest

    def _misspelt(self, address: Address, hits: list[Hit]) -> list[Hit]:
        """The exact hits and nearly written names between them; [] where there is none."""
        text = list(without_buildings(address.text))
        for hit in hits:
            text[hit.start : hit.end] = "|" * (hit.end - hit.start)
        del text[_MISSPELT_WITHIN:]
        taken: list[Hit] = []
        for hit in self._spellings.near("".join(text)):
            if len(taken) >= 8:
                break
            rivals = [each for each in taken if each.start < hit.end and hit.start < each.end]
            # a name of the same stretch is a rival only where it is as near; it then is ambiguous, as two places are
            if all((each.start, each.end, each.quality) == (hit.start, hit.end, hit.quality) for each in rivals):
                taken.append(hit)
        return sorted([*hits, *taken], key=lambda hit: hit.start) if taken else []

    def _weigh(self, address: Address, hits: list[Hit]) -> tuple[Candidate, ...]:
        text = address.text
        meant = [[_Meant(hit, place, sure * hit.quality) for place, sure in self._named[hit.name]] for hit in hits]
        towns: list[_Meant] = []
        fine: list[list[_Meant]] = []
        for group in meant:
            own = [each for each in group if each.place.kind == TOWN]
            if own and not _part_of_more(text, own[0]):
                towns += own
            rest = [each for each in group if each.place.kind != TOWN]
            if rest:
                fine.append(rest)
        town_paths: dict[str, float] = {}
        for each in towns:
            town_paths[each.place.path] = max(each.hit.quality, town_paths.get(each.place.path, 0.0))
        found: list[Candidate] = []
        narrowed = [self._narrow(group, fine, town_paths) for group in _by_stretch(fine)]
        for order, (group, sure, note) in enumerate(narrowed):
            others = [each.place.path for other, _, _ in narrowed if other is not group for each in other]
            roads = self._other_road(text, group, narrowed, order)
            found += self._candidates(text, group, sure, note, roads, others)
        found = apart(found)
        count = len(town_paths)
        found += [
            Candidate(
                each.place.area_id, each.place.path, each.place.name, TOWN, each.place.lon, each.place.lat,
                _TOWN_ALONE * each.sure / count, how_words(each.hit, "只写到镇街" if count == 1 else f"写到 {count} 个镇街"),
            )
            for each in towns
        ]  # fmt: skip
        if address.elsewhere and not any(each.hit.how == EXACT and each.sure >= 1 for each in towns):
            found = [
                replace(each, score=each.score * _ELSEWHERE, reason=f"{each.reason}；地址可能在外县") for each in found
            ]
        return ranked(found)

    def _narrow(
        self, group: list[_Meant], fine: list[list[_Meant]], towns: dict[str, float]
    ) -> tuple[list[_Meant], float, str]:
        """Those of one name that fit what else is written, how sure they are together, and what speaks for or against."""
        start, end = group[0].hit.start, group[0].hit.end
        within = [each for each in group if any(nested(each.place.path, town) for town in towns)]
        others = [
            each.place.path for other in fine for each in other
            if each.hit.end <= start or each.hit.start >= end
        ]  # fmt: skip
        supported = [each for each in within or group if any(nested(each.place.path, other) for other in others)]
        note = ""
        if towns and not within:
            return group, _CONTRADICTED, "与所写镇街不符"
        if supported and (within or len(supported) < len(group) or len(group) == 1):
            within, note = supported, "与所写社区一致"
        elif within:
            note = "与所写镇街一致"
        if within:
            read = [sure for town, sure in towns.items() if nested(within[0].place.path, town)]
            return within, _CONFIRMED * max(read, default=1.0), note
        length = len(group[0].place.name)
        return group, _ALONE.get(length, 0.92 if length > 4 else 0.5), ""

    def _candidates(
        self, text: str, group: list[_Meant], sure: float, note: str, roads: list[Named], others: list[str]
    ) -> list[Candidate]:
        """One a place. Places of one name in different areas share what is sure."""
        places = {each.place.path for each in group}
        share = sure / len(places)
        notes = [note] if note else []
        if len(places) > 1:
            notes.append(f"同名 {len(places)} 处")
        found = []
        for each in group:
            place, said = each.place, [*notes]
            path, area, lon, lat, score = place.path, place.area_id, place.lon, place.lat, share * each.sure
            if place.kind == ROAD:
                crossing = next(
                    (point for road in roads if (point := meeting_of(place.doors, road.doors)) is not None), None
                )
                door = door_after(text, each.hit.end)
                spot = spot_of(door[0], place.doors) if door else None
                if crossing is not None:
                    lon, lat = crossing
                    said.append("两路相交处")
                elif spot is not None:
                    lon, lat, score = spot.lon, spot.lat, score * spot.sure
                    said.append(spot.reason)
                if crossing is not None or spot is not None:
                    area, path = self._area_at(lon, lat, area, path, others)
            found.append(
                Candidate(
                    area, path, place.name, place.kind, lon, lat, score, how_words(each.hit, *said, kind=place.kind)
                )
            )
        return found

    def _other_road(
        self, text: str, group: list[_Meant], narrowed: list[tuple[list[_Meant], float, str]], order: int
    ) -> list[Named]:
        """The road that is written beside this one as meeting it."""
        if group[0].place.kind != ROAD:
            return []
        roads: list[Named] = []
        for step in (-1, 1):
            if not 0 <= order + step < len(narrowed):
                continue
            neighbour = narrowed[order + step][0]
            first, second = sorted((group[0].hit, neighbour[0].hit), key=lambda hit: hit.start)
            if CROSSING.fullmatch(text[first.end : second.start]):
                roads += [each.place for each in neighbour if each.place.kind == ROAD]
        return roads

    def _area_at(
        self, lon: float | None, lat: float | None, area: int, path: str, others: list[str]
    ) -> tuple[int, str]:
        found = self._locator.at(lon, lat) if self._locator is not None else None
        if found is None or not nested(self._paths[found], path):
            return area, path  # a point that the road's own area does not hold is a wrong one
        inside = [other for other in others if other.startswith(path)]
        if inside and not any(nested(self._paths[found], other) for other in inside):
            return area, path  # what is written goes before what is reckoned
        return found, self._paths[found]


def _by_stretch(fine: list[list[_Meant]]) -> list[list[_Meant]]:
    """Names that were read out of the same stretch of text stand for one another."""
    groups: dict[tuple[int, int], list[_Meant]] = {}
    for group in fine:
        groups.setdefault((group[0].hit.start, group[0].hit.end), []).extend(group)
    return [*groups.values()]


def _part_of_more(text: str, town: _Meant) -> bool:
    if town.hit.name == town.place.name or town.sure >= 1:
        return False
    before = text[town.hit.start - 1 : town.hit.start]
    if before and before not in _BEFORE_TOWN and before.isalpha():
        return True
    behind = text[town.hit.end : town.hit.end + 4]
    return any(word in behind[: len(word) + 1] for word in _PART_OF_MORE)
