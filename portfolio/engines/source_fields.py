"""What a column of a source list may feed."""

from enum import StrEnum


class Field(StrEnum):
    """A value of a project that an import can set; any other column is kept as text beside it."""

    NAME = "name"
    NUMBER = "number"
    PURPOSE = "purpose"
    AXIS_CODE = "axis_code"
    AXIS_NAME = "axis_name"
    START = "start"
    END = "end"
    DURATION_YEARS = "duration_years"
    PHASE = "phase"
    COST = "cost"
    YEAR_BUDGET = "year_budget"
    YEAR_FORECAST = "year_forecast"
    LINK = "link"


DATES = frozenset({Field.START, Field.END})
MONEY = frozenset({Field.COST, Field.YEAR_BUDGET, Field.YEAR_FORECAST})
NUMBERS = MONEY | {Field.DURATION_YEARS}
