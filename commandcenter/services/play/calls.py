"""The demo's people checking what citizens said: second calls 抽查, exclusions 剔除 and appeals 申诉."""

from datetime import datetime, timedelta

from commandcenter.demo.luck import between, key_of, luck
from commandcenter.domain.case import Role
from commandcenter.errors import PersonError
from commandcenter.services import call_review
from commandcenter.services.play.desks import Cast, Desks

GAP = timedelta(hours=2)
"""Between two tries, a little more than the rule asks for."""


class CallPlay:
    """Makes the second calls that wait, applies for exclusions and reviews them; each returns the verbs done."""

    def __init__(self, desks: Desks, cast: Cast) -> None:
        self._desks = desks
        self._cast = cast
        self._supervisor = cast.posts["section_head"]

    async def second_calls(self, now: datetime, *, most: int = 1000) -> list[str]:
        """Every follow-up clerk calls whom another one called first. Raises PersonError."""
        done: list[str] = []
        for login in self._cast.staff[Role.FOLLOWUP]:
            async with self._desks.of(login) as db:
                for each in await call_review.read_second_calls(db):
                    if each.called_at is not None or (each.tried_at is not None and now < each.tried_at + GAP):
                        continue
                    if len(done) >= most:
                        return done
                    reached = luck("second", each.follow_up_id, each.tries) < 0.85
                    agrees = luck("agrees", each.follow_up_id) < 0.94
                    await call_review.record_second_call(
                        db,
                        follow_up_id=each.follow_up_id,
                        reached=reached,
                        solved=agrees if reached else None,
                        satisfied=(each.first_satisfied if agrees else "不满意") if reached else None,
                        words="" if agrees else "诉求人称问题又出现。",
                        key=key_of("second", each.follow_up_id, each.tries),
                    )
                    done.append("second_call")
        return done

    async def appeals(self, now: datetime, *, since: datetime, most: int = 1000) -> list[str]:
        """Units apply against some of the answers that were not content; a supervisor rules on those a few hours old.

        Raises PersonError.
        """
        done: list[str] = []
        async with self._desks.of(self._supervisor) as db:
            unhappy = await call_review.read_unhappy(db, since=since)
            waiting = await call_review.read_appeals(db)
        for each in unhappy:
            login = self._cast.responders.get(each.unit_id)
            drawn = luck("appeal", each.follow_up_id)
            # a county just loaded knows answers that have not been given yet by the clock that is played
            if login is None or each.at > now or each.appeal_kind is not None or drawn > 0.15 or len(done) >= most:
                continue
            async with self._desks.of(login) as db:
                try:
                    await call_review.apply_appeal(
                        db,
                        kind="appeal" if drawn < 0.06 else "exclusion",
                        case_id=each.case_id,
                        follow_up_id=each.follow_up_id,
                        unit_id=each.unit_id,
                        reason="诉求超出政策规定，已当面解释。",
                        key=key_of("appeal", each.follow_up_id),
                    )
                except PersonError:  # the case has gone to another unit, out of sight
                    continue
                done.append("apply_appeal")
        for each_waiting in waiting:
            if now < each_waiting.applied_at + timedelta(hours=between(2, 30, "review", each_waiting.id)):
                continue
            granted = luck("granted", each_waiting.id) < 0.4
            async with self._desks.of(self._supervisor) as db:
                await call_review.review_appeal(
                    db,
                    appeal_id=each_waiting.id,
                    granted=granted,
                    words="情况属实，同意。" if granted else "理由不充分。",
                    key=key_of("review", each_waiting.id),
                )
            done.append("review_appeal")
        return done
