"""Errors meant for people. Anything else that is raised is a bug: it is logged and shown in a calm dialog."""


class PersonError(Exception):
    """Says in one sentence what happened, and what to do next.

    Both texts are shown as they are (simplified Chinese) and never carry a name, phone, address or report text.
    """

    def __init__(self, sentence: str, advice: str = "") -> None:
        super().__init__(sentence, advice)
        self.sentence = sentence
        self.advice = advice

    def __str__(self) -> str:
        return self.sentence + self.advice


class Refused(PersonError):
    """The person's role, or the state of the case, does not allow this."""


class StaleVersion(PersonError):
    """Somebody else changed the case since it was read."""


class NotVisible(PersonError):
    """What was asked for does not exist for this person."""


class Unreachable(PersonError):
    """The database does not answer."""


class NotNow(PersonError):
    """Nothing is wrong with what was asked for: the database is locked, or not built, or keeps this login out."""


class LoginRefused(NotNow):
    """The password is another one, or the login may sign in no more."""


class ReadOnly(Refused, NotNow):
    """This is a copy of the database, for reading."""


class UsedBefore(PersonError):
    """It was done before, with other contents, or its time has not come."""


class TooMany(PersonError):
    """A source delivers more than it may; `seconds` until the next one is taken."""

    def __init__(self, sentence: str, advice: str = "", *, seconds: int) -> None:
        super().__init__(sentence, advice)
        self.seconds = seconds
