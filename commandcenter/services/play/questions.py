"""What the demo's citizens ask: questions that 常见问题 knows, answered 直办 while they are on the line.

And how often an officer chooses another category than the one that was suggested.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from commandcenter.db.engine import Database
from commandcenter.demo import citizens
from commandcenter.demo.luck import key_of, luck
from commandcenter.demo.traffic import TrafficEvent
from commandcenter.services import answers
from commandcenter.services.answers import KnownAnswer
from commandcenter.services.cases import CaseChange
from commandcenter.services.new_report import Citizen, NewReport
from commandcenter.services.reference import Reference

SHARE = 0.2
"""Of what comes in, questions with a known answer. Hotlines report a third to a half of consultations [P]; not all are known."""
CORRECTED = 0.05
"""Of the categories suggested, those an officer puts right."""
CONTENT = 0.82
"""Of those who were answered, who say 满意; the others 基本满意. Whoever is not content is registered, not answered."""
ASKED = (
    "您好，想咨询一下：{}",
    "请问{}",
    "想问一下，{}",
    "打电话咨询：{}",
    "{}窗口电话一直占线，所以打到这里问。",
    "替家里老人问一下，{}",
)
SAID = ("", "", "", "清楚了，谢谢。", "知道去哪里办了。", "解释得很明白。")


@dataclass(frozen=True, slots=True)
class Question:
    """A report that is answered, and what the citizen says of the answer."""

    report: NewReport
    answer: str
    satisfied: str
    words: str
    key: UUID


class Questions:
    """All that can be asked of a centre, some of it more often than the rest."""

    def __init__(self, known: Iterable[KnownAnswer], reference: Reference) -> None:
        # which ones are popular is the same for everybody who plays, and has nothing to do with their order
        self._known = sorted(known, key=lambda each: luck("popular", each.question))
        self._reference = reference
        self._online = [each.id for each in reference.channels.values() if each.online]

    @classmethod
    async def of(cls, db: Database, reference: Reference) -> "Questions":
        """Those of a centre. Raises PersonError."""
        return cls(await answers.read_answers(db), reference)

    def instead_of(self, event: TrafficEvent, day: date) -> Question | None:
        """What the citizen of an event asks where they are one of those who do; None where they report what they report."""
        if luck("asks", event.key) >= SHARE:
            return None
        citizen = Citizen(event.name, event.phone, event.address, event.confidential)
        report = NewReport(
            event.channel_id, "", area_id=event.area_id, foreign_number=event.foreign_number, citizen=citizen
        )
        return self._question(report, event.key, day)

    def somebody(self, number: int, day: date) -> Question | None:
        """What some citizen asks on a day; another one for each number."""
        key = key_of("question", day, number)
        who = citizens.number(int(luck("grid", key) * 2_000), int(luck("citizen", key) * citizens.PER_GRID))
        towns = self._reference.towns
        town = towns[int(luck("town", key) * len(towns))]
        report = NewReport(
            self._online[0], "", area_id=town.id, citizen=Citizen(citizens.name(who), citizens.phone(who))
        )
        return self._question(report, key, day)

    def suggested(self, category_id: int | None, key: UUID) -> int | None:
        """What had been suggested before an officer chose that category: mostly the same, else one beside it in the tree."""
        chosen = self._reference.categories.get(category_id or 0)
        if chosen is None or luck("corrected", key) >= CORRECTED:
            return category_id
        beside = [each.id for each in self._reference.categories.values() if each.parent_id == chosen.parent_id]
        return beside[int(luck("beside", key) * len(beside))]

    def _question(self, report: NewReport, key: UUID, day: date) -> Question | None:
        valid = [each for each in self._known if each.valid_until is None or each.valid_until >= day]
        if not valid:
            return None
        known = valid[int(luck("which", key) ** 2 * len(valid))]
        asked = ASKED[int(luck("asked", key) * len(ASKED))].format(known.question)
        channel = report.channel_id if report.channel_id in self._online else self._online[0]
        return Question(
            replace(
                report, channel_id=channel, content=asked, title=known.question.rstrip("？"), kind="咨询",
                category_id=known.category_id, proposed_category_id=self.suggested(known.category_id, key),
            ),
            known.answer,
            "满意" if luck("content", key) < CONTENT else "基本满意",
            SAID[int(luck("said", key) * len(SAID))],
            key,
        )  # fmt: skip


async def answer(db: Database, question: Question) -> CaseChange:
    """Answer it on the spot, as whoever is at `db`. Raises PersonError."""
    return await answers.answer_now(
        db,
        question.report,
        answer=question.answer,
        satisfied=question.satisfied,
        words=question.words,
        key=question.key,
    )
