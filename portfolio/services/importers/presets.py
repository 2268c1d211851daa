"""The two formats shipped: the French State's panorama of IT projects, the UK's major projects."""

from datetime import date
from decimal import Decimal

from portfolio.engines.cell_values import NumberFormat
from portfolio.engines.source_fields import Field
from portfolio.engines.tabular import HeaderOptions, TextOptions
from portfolio.enums import LifeCycle
from portfolio.services.importers.mapping import Column, Mapping, Phase, Variant

MILLION = Decimal(1_000_000)

_PANORAMA_HEADINGS = (
    "Ministère porteur",
    "Ministère nom complet",
    "Nom du projet",
    "Projet interministériel",
    "Description et objectifs du projet",
    "En savoir plus sur le projet",
    "Début",
    "Durée prévisionnelle en année",
    "Phase du projet en cours",
    "Coût estimé",
    "Coût estimé par tranche",
    "Zone fonctionnelle",
    "Financement [programme(s)]",
    "Lien vers les Projets Annuels de Performances",
    "Date de publication",
)


def _panorama_columns(*, dates: str, figures: NumberFormat) -> tuple[Column, ...]:
    return (
        Column("Ministère porteur", Field.AXIS_CODE),
        Column("Ministère nom complet", Field.AXIS_NAME),
        Column("Nom du projet", Field.NAME),
        Column("Description et objectifs du projet", Field.PURPOSE),
        Column("En savoir plus sur le projet", Field.LINK),
        Column("Début", Field.START, date_format=dates),
        Column("Durée prévisionnelle en année", Field.DURATION_YEARS, number=figures),
        Column("Phase du projet en cours", Field.PHASE),
        Column("Coût estimé", Field.COST, number=figures, unit=MILLION),
    )


DINSIC_PANORAMA = Mapping(
    name="dinsic-panorama",
    source="dinsic-panorama",
    label="Panorama des grands projets SI de l’État (DINSIC)",
    variants=(
        Variant(
            name="2018-03 (XLSX)",
            kind="xlsx",
            signature=_PANORAMA_HEADINGS,
            columns=_panorama_columns(dates="dd/mm/yyyy", figures=NumberFormat(",", also_decimal=".")),
            edition=date(2018, 3, 26),
        ),
        Variant(
            name="2017-02 (CSV)",
            kind="csv",
            signature=_PANORAMA_HEADINGS,
            columns=_panorama_columns(dates="yyyy-mm-dd", figures=NumberFormat(".")),
            text=TextOptions(encoding="utf-8", delimiter=","),
            edition=date(2017, 2, 1),
        ),
    ),
    phases={
        "Cadrage": Phase(LifeCycle.PREPARATION, 1),
        "Conception / Réalisation": Phase(LifeCycle.STAGE, 2),
        "Expérimentation": Phase(LifeCycle.STAGE, 3),
        "Déploiement": Phase(LifeCycle.STAGE, 4),
        "Terminé": Phase(LifeCycle.CLOSED),
    },
    renamed={
        "SEGUR": "SÉGUR-FONTENOY",
        "DEPLOIEMENT RenoiRH": "Déploiement de l'application RenoiRH et adaptations liées",
        "SI SAMU": 'SI-Samu (étape "Construction & Pilote")',
        "RESYTAL": "RESYTAL CYCLE 1",
        "SIRENA": "SIRENA Cycle 1",
        "PAYSAGE": "Paysage : Modernisation iso fonctionnelle de PAY",
        "MISTRAL": "PIB/MISTRAL",
        "NSTI": "NSTI / DELT@ T",
        "REGROUP. CENTRES INFO": "Regroupement des centres informatiques",
        "SIRHIUS": "SIRHIUS V1",
        "LSUN": "LSU du CP à la 3EME",
        "OPER@": "SI Paie des EPLE (OPERA)",
        "MONTEE DE VERSION SIRH": "Montée de version du SIRH",
        "DIALOGUE 2": "SIRH DIALOGUE 2",
        "INPT": "Modernisation de l'INPT (projets FH et IP)",
        "MOBILITE": "Généralisation - Equipement numérique mobile du primo-intervenant NEOGEND/NEOPOL",
        "PPNG": "PPNG Plan Préfectures Nouvelle Génération",
        "SOLDE GENDARMERIE": "PROJET SOLDE GENDARMERIE",
        "HARMONIE": "Enrichissement du SI Harmonie et fusion des métiers RH",
    },
)

_POUNDS = NumberFormat(".", group=",", signs=("£",))
_MISREAD_POUNDS = NumberFormat(".", group=",", signs=("Ł",))
_SHORT = ("project_name", "department", "description_aims", "start_date", "end_date")
_SERIES = (
    *("project_name", "department", "colour_rating", "description_aims", "rating_comment", "start_date", "end_date"),
    *("schedule_comment", "yearly_budget", "yearly_forecast", "wlc_baseline_incl_NCG", "variance_comment"),
    *("budget_comment", "year"),
)
_SERIES_2021 = (
    *("year", "project_number", "project_name", "department", "report_category", "description_aims", "colour_rating"),
    *("rating_comment", "start_date", "end_date", "schedule_comment", "total_baseline", "yearly_forecast"),
    *("variance_comment", "wlc_baseline_incl_NCG", "budget_comment"),
)
_SERIES_2022 = (
    *("year", "project_number", "project_name", "department", "report_category", "description_aims"),
    *("colour_rating [1]", "colour_rating [2]", "rating_comment", "start_date", "end_date", "schedule_comment"),
    *("total_baseline", "forecast_incl_NGC", "variance_comment", "wlc_baseline_incl_NCG", "budget_comment"),
)
_LONG_START = "Project - Start Date (Latest Approved Start Date)"
_LONG_END = "Project - End Date (Latest Approved End Date)"
_LONG_BUDGET = "Financial Year Baseline (Łm) (including Non-Government Costs)"
_LONG_FORECAST = "Financial Year Forecast (Łm) (including Non-Government Costs)"
_LONG_COST = "TOTAL Baseline Whole Life Costs (Łm) (including Non-Government Costs)"
_LONG = ("project_name", "Department", "Description / Aims", _LONG_START, _LONG_END)
_LONG_SIGNATURE = (*_LONG, _LONG_BUDGET, _LONG_FORECAST, _LONG_COST)
_SRO = (
    "SRO Delivery Confidence Assessment (A Delivery Confidence Assessment of the project at a fixed point in time, "
    "using a three-point scale, Red � Amber � Green; definitions in the IPA Annual Report on Major Projects)"
)


def _gmpp_columns(
    names: tuple[str, str, str, str, str], money: tuple[str, str, str], *, dates: str, figures: NumberFormat = _POUNDS
) -> tuple[Column, ...]:
    name, department, purpose, start, end = names
    budget, forecast, cost = money
    return (
        Column(name, Field.NAME),
        Column(department, Field.AXIS_CODE),
        Column(purpose, Field.PURPOSE),
        Column(start, Field.START, date_format=dates),
        Column(end, Field.END, date_format=dates),
        Column(budget, Field.YEAR_BUDGET, number=figures, unit=MILLION),
        Column(forecast, Field.YEAR_FORECAST, number=figures, unit=MILLION),
        Column(cost, Field.COST, number=figures, unit=MILLION),
    )


_NUMBER = Column("project_number", Field.NUMBER)
_WLC = "wlc_baseline_incl_NCG"

GMPP = Mapping(
    name="gmpp",
    source="gmpp",
    label="Government Major Projects Portfolio (Royaume-Uni)",
    variants=(
        Variant(
            name="2018",
            kind="csv",
            signature=_SERIES,
            columns=_gmpp_columns(_SHORT, ("yearly_budget", "yearly_forecast", _WLC), dates="dd.mm.yy"),
            text=TextOptions(encoding="cp1252", delimiter=","),
            edition=date(2018, 3, 31),
        ),
        Variant(
            name="2020",
            kind="csv",
            signature=(*_SERIES, "report_category", "project_number"),
            columns=(
                *_gmpp_columns(_SHORT, ("yearly_budget", "yearly_forecast", _WLC), dates="dd.mm.yy"),
                _NUMBER,
            ),
            text=TextOptions(encoding="cp1252", delimiter=",", invalid_bytes="replace"),
            edition=date(2020, 3, 31),
        ),
        Variant(
            name="2021",
            kind="csv",
            signature=_SERIES_2021,
            columns=(
                *_gmpp_columns(_SHORT, ("total_baseline", "yearly_forecast", _WLC), dates="yyyy-mm-dd"),
                _NUMBER,
            ),
            text=TextOptions(encoding="cp1252", delimiter=";"),
            edition=date(2021, 3, 31),
        ),
        Variant(
            name="2022",
            kind="csv",
            signature=_SERIES_2022,
            columns=(
                *_gmpp_columns(_SHORT, ("total_baseline", "forecast_incl_NGC", _WLC), dates="yyyy-mm-dd"),
                _NUMBER,
            ),
            text=TextOptions(encoding="cp1252", delimiter=";"),
            header=HeaderOptions(repeated="number"),
            edition=date(2022, 3, 31),
        ),
        Variant(
            name="2021, intitulés complets",
            kind="csv",
            signature=_LONG_SIGNATURE,
            columns=_gmpp_columns(
                _LONG, (_LONG_BUDGET, _LONG_FORECAST, _LONG_COST), dates="yyyy-mm-dd", figures=_MISREAD_POUNDS
            ),
            text=TextOptions(encoding="utf-8", delimiter=","),
            header=HeaderOptions(blank="number"),
            edition=date(2021, 3, 31),
        ),
        Variant(
            name="2022, intitulés complets",
            kind="csv",
            signature=(*_LONG_SIGNATURE, _SRO),
            columns=_gmpp_columns(
                _LONG, (_LONG_BUDGET, _LONG_FORECAST, _LONG_COST), dates="yyyy-mm-dd", figures=_MISREAD_POUNDS
            ),
            text=TextOptions(encoding="utf-8", delimiter=","),
            header=HeaderOptions(blank="number"),
            edition=date(2022, 3, 31),
        ),
    ),
    transposed_labels=(
        "Project name",
        "Department",
        "MPA RAG rating",
        "IPA Delivery Confidence Assessment",
        "Description / Aims",
        "Departmental commentary",
        "Project - Start Date",
        "Project - End Date",
        "Departmental narrative on schedule",
        "Departmental narrative on budget",
        "Whole Life Cost",
        "Total budgeted whole life costs",
    ),
    default_life_cycle=LifeCycle.STAGE,
    axis_names={
        "BEIS": "Department for Business, Energy and Industrial Strategy",
        "CO": "Cabinet Office",
        "DCMS": "Department for Digital, Culture, Media and Sport",
        "DEFRA": "Department for Environment, Food and Rural Affairs",
        "DFE": "Department for Education",
        "DFID": "Department for International Development",
        "DFT": "Department for Transport",
        "DHSC": "Department of Health and Social Care",
        "DLUHC": "Department for Levelling Up, Housing and Communities",
        "DWP": "Department for Work and Pensions",
        "FCDO": "Foreign, Commonwealth and Development Office",
        "FCO": "Foreign and Commonwealth Office",
        "HMLR": "HM Land Registry",
        "HMRC": "HM Revenue and Customs",
        "HMT": "HM Treasury",
        "HO": "Home Office",
        "MHCLG": "Ministry of Housing, Communities and Local Government",
        "MOD": "Ministry of Defence",
        "MOJ": "Ministry of Justice",
        "NCA": "National Crime Agency",
        "ONS": "Office for National Statistics",
    },
    currency="GBP",
)

PRESETS = {mapping.name: mapping for mapping in (DINSIC_PANORAMA, GMPP)}
