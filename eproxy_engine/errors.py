"""The one exception a user is meant to read."""


class UserError(Exception):
    """Something the user gave cannot be used.

    The message is one line: it shows the offending value and says what would be accepted. The command
    line prints it and exits with 2; the dashboard shows it beside the control.
    """


def one_of(value: object, accepted: object, what: str) -> str:
    """The standard wording for a value outside its set."""
    return f"unknown {what} {value!r}; accepted: {', '.join(str(a) for a in accepted)}"  # type: ignore[attr-defined]
