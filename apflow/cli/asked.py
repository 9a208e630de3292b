"""What several commands are given, and what is said where it is something else."""

import os
from datetime import date, datetime
from pathlib import Path

import click


class PolicyFolder(click.Path):
    """A folder with policy files in it; whoever names a file, or the folder above, is told which it is."""

    def __init__(self) -> None:
        super().__init__(exists=True, file_okay=False, path_type=Path)

    def convert(
        self, value: "str | os.PathLike[str]", param: click.Parameter | None, ctx: click.Context | None
    ) -> "str | bytes | os.PathLike[str]":
        given = Path(value)
        if given.is_file():
            self.fail(f"{given} is one file of a policy. Name its folder: {given.parent}", param, ctx)
        below = given / "workflows"
        if below.is_dir() and not any(given.glob("*.yaml")):
            self.fail(f"There are no policy files here ({given}). Name the folder that has them: {below}", param, ctx)
        return super().convert(value, param, ctx)


_FIRST, _LAST = date(1900, 1, 1), date(2200, 12, 31)


class Day(click.ParamType[date]):
    """A day, written as in the policy files."""

    name = "day"

    def convert(self, value: "str | date", param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            day = datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(f'"{value}" is not a date; write year, month and day, like 2026-12-24.', param, ctx)
        if not _FIRST <= day <= _LAST:
            self.fail(f'"{value}" is too far away; check the year.', param, ctx)
        return day
