"""The demo's records: schools, a piece of the national register, sites, and pupils whose names are plainly invented.

They come in as files, as a council would bring them. One provider's light is red, one is amber, the others green.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from apflow.core.days.calendar import local_date
from apflow.core.screening.upn import check_letter
from apflow.demo.around import keep_those_around, pupils_there
from apflow.records.door import By
from apflow.records.importing.file import FILES, bring_in
from apflow.web.site import Site

_SCHOOLS = """Name,Kind,URN,Contact,Email,Phone
Larkspur Primary School,School,999921,Lottie Larkin,office@larkspur.example,01632 960021
Millstone Community School,School,999922,Miles Millard,office@millstone.example,01632 960022
Northfield Academy,School,999923,Nadia Norris,office@northfield.example,01632 960023
Otterbourne School,School,999924,Oona Otter,office@otterbourne.example,01632 960024
Quarry Lane School,School,999925,Quentin Quarrie,,01632 960025
Rushmere Academy,School,999926,,,01632 960026
Inclusion and Attendance,Council service,,Ines Ingram,inclusion@council.example,
Virtual School,Council service,,Vera Venn,virtual.school@council.example,
Paz Pemberton,Parent,,Paz Pemberton,paz@family.example,01632 960031
Sol Summerhill,Learner,,Sol Summerhill,sol@family.example,
"""
# The rest of a council's schools, so that a list of them is as long as one is.
_PLACES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Laurel", "Maple")
_KINDS = ("Bank Primary School", "Hill Junior School", "Road Infant School", "Vale Community School", "Park Academy")
_REGISTER_HEADINGS = (
    "URN,EstablishmentName,TypeOfEstablishment (name),EstablishmentStatus (code),EstablishmentStatus (name),"
    "LA (name),Postcode,OpenDate,CloseDate\n"
)
_REGISTER = """999912,Meadowsweet School,Other independent special school,1,Open,Made Up Council,BA3 2AN,01-09-2012,
999921,Larkspur Primary School,Community school,1,Open,Made Up Council,BA1 1LP,01-09-1990,
999922,Millstone Community School,Academy converter,1,Open,Made Up Council,BA2 2MS,01-09-2011,
999923,Northfield Academy,Academy sponsor led,3,"Open, but proposed to close",Made Up Council,BA3 3NF,01-09-2013,
999924,Otterbourne School,Community school,1,Open,Made Up Council,BS31 4OT,01-09-1988,
"""
_SITES = """Provider,Site,Proprietor,Monday,Tuesday,Wednesday,Thursday,Friday
Yarrow House,The house,Yarrow Learning Ltd,9:30-14:30,9:30-14:30,9:30-14:30,9:30-14:30,9:30-14:30
Yarrow House,The garden room,Yarrow Learning Ltd,,10am to 1pm,,10am to 1pm,
Zephyr Sailing,The boathouse,Zephyr Sailing CIC,9am to 12pm,,9am to 12pm,,9am to 12pm
Zephyr Sailing,The slipway,Zephyr Sailing CIC,,,,,
Amber Lane Studio,The studio,Amber Lane Studio,10am to 1pm,,10am to 1pm,,
Meadowsweet School,The school,Meadowsweet Trust,9-15:00,9-15:00,9-15:00,9-15:00,9-15:00
Beacon Motor Project,The workshop,Beacon Motor Project,10am to 2pm,,10am to 2pm,,
Goldcrest Kitchen,The kitchen,Goldcrest Kitchen,10am to 2pm,10am to 2pm,,10am to 2pm,
"""
# Surname, first name, age, what is true, home school, provider, site, commissioner, hours
_PUPILS = """
Sparrow|Pip|14|ehcp|Millstone Community School|Yarrow House|The house||15
Thistle|Wren|13|sen|Millstone Community School|Yarrow House|The house||15
Thistle|Wren|13|sen|Millstone Community School|Yarrow House|The garden room|Inclusion and Attendance|4
Bramley|Olly|12||Northfield Academy|Yarrow House|The house||15
Quince|Tilly|15|lac|Northfield Academy|Yarrow House|The house|Inclusion and Attendance|15
Fennel|Jory|13||Otterbourne School|Yarrow House|The house||15
Sorrel|Nan|14|sen|Otterbourne School|Yarrow House|The garden room||6
Acorn|Digby|15||Millstone Community School|Zephyr Sailing|The boathouse||9
Heron|Isla|14|cin|Northfield Academy|Zephyr Sailing|The boathouse||19
Puffin|Bo|13||Otterbourne School|Zephyr Sailing|The boathouse||6
Teasel|Robin|15|ehcp|Otterbourne School|Amber Lane Studio|The studio|Paz Pemberton|6
Clover|May|11||Larkspur Primary School|Amber Lane Studio|The studio||3
Linnet|Ash|12|ehcp|Northfield Academy|Meadowsweet School|The school|Inclusion and Attendance|25
Bracken|Tam|15||Millstone Community School|Beacon Motor Project|The workshop||8
Sedge|Lin|16||Northfield Academy|Beacon Motor Project|The workshop||8
Rowan|Ned|15|ehcp|Otterbourne School|Beacon Motor Project|The workshop|Paz Pemberton|4
Marram|Kes|15||Northfield Academy|Goldcrest Kitchen|The kitchen||8
Campion|Rue|14|ehcp lac|Millstone Community School|Meadowsweet School|The school|Inclusion and Attendance|25
"""
_HEADINGS = (
    "Surname,First name,Date of birth,UPN,EHCP,SEN support,Looked after,Child in need plan,Home school,"
    "Provider,Site,Commissioner,Hours a week,Sessions a week,Cost a week,First day\n"
)
_AN_HOUR, _UNPRICED = 17, "Goldcrest Kitchen"
_TRUE = ("ehcp", "sen", "lac", "cin")


def keep_records(site: Site, by: By, since: date) -> None:
    """Bring the files in, with placements that began on the day `since`, and those who work with their pupils."""
    known = pupils_there(site)
    placements = _HEADINGS + "".join(_rows(local_date(by.now), since))
    files = {
        "register": _REGISTER_HEADINGS + _REGISTER,
        "schools": _SCHOOLS + _other_schools(),
        "sites": _SITES,
        "placements": placements,
    }
    for kind, text in files.items():
        report = bring_in(site.store, FILES[kind], text.encode(), by)
        if report.bad:
            raise ValueError(f"the demo's {kind}: {report.bad}")
    keep_those_around(site, by, but=known)


def _other_schools() -> str:
    names = [f"{place} {kind}" for place in _PLACES for kind in _KINDS]
    return "".join(f"{name},School,,,office@{name.lower().replace(' ', '-')}.example,\n" for name in names)


def _rows(today: date, since: date) -> Iterator[str]:
    numbers: dict[tuple[str, str], str] = {}
    for line in _PUPILS.strip().splitlines():
        surname, forename, age, true, school, provider, place, commissioner, hours = line.split("|")
        upn = numbers.setdefault((surname, forename), upn_of(len(numbers) + 1))
        born = today.replace(year=today.year - int(age), day=1) - timedelta(days=40)
        facts = ["Y" if one in true.split() else "N" for one in _TRUE]
        who = [surname, forename, born.isoformat(), upn, *facts, school, provider, place, commissioner]
        cost = f"{int(hours) * _AN_HOUR}.50" if provider != _UNPRICED else ""
        yield _csv([*who, hours, str(max(1, min(10, int(hours) // 3))), cost, since.isoformat()])


def upn_of(number: int) -> str:
    """A right number of a council that there is not."""
    rest = f"99912345{number:04}"
    return check_letter(rest) + rest


def _csv(cells: Iterable[str]) -> str:
    return ",".join(cells) + "\n"
