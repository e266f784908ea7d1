"""Labels of one's own, from a CSV file."""

from __future__ import annotations

from eproxy_engine.benchmarks.importing import csv_file
from eproxy_engine.errors import UserError


def labels_in(space: str, content: bytes, source: str) -> tuple[tuple[str, float], ...]:
    """Read architectures and accuracies.

    Args:
        space: Name of the search space.
        content: Content of a CSV file with a column ``architecture`` and one of accuracies, higher is better.
        source: Name of the file.

    Returns:
        Pairs of canonical text and accuracy.

    Raises:
        UserError: If the file cannot be read, has several columns of accuracies, or has a row with an unknown or
            repeated architecture.
    """
    checked = csv_file.check(space, content, source, new=False)
    if checked.rejected:
        first = checked.rejected[0]
        more = f" ({len(checked.rejected) - 1} more rows are wrong)" if len(checked.rejected) > 1 else ""
        raise UserError(f"{checked.source!r}, line {first.line}: {first.reason}{more}")
    columns = [column for column in checked.table if column != "architecture"]
    if len(columns) != 1:
        named = ", ".join(columns) or "none"
        raise UserError(f"{checked.source!r} has the columns of accuracies {named}; accepted: exactly one")
    known = checked.table.dropna(subset=columns)
    return tuple(zip(known["architecture"], known[columns[0]].astype(float), strict=True))
