"""Who is in the demo: thirteen invented staff and more than thirty invented providers."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Member:
    """One of the council's staff."""

    name: str
    roles: tuple[str, ...]
    agency: str | None = None

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@council.example"


@dataclass(frozen=True, slots=True)
class Provider:
    """One organisation and the person who applies for it."""

    organisation: str
    contact: str
    postcode: str
    offers: str
    registration: str = "not_needed"
    urn: str | None = None

    @property
    def email(self) -> str:
        domain = "".join(letter if letter.isalnum() else "-" for letter in self.organisation.lower())
        return f"{self.contact.split()[0].lower()}@{domain}.example"

    @property
    def enquiry(self) -> dict[str, str]:
        """The answers to the enquiry form."""
        asked = {
            "organisation": self.organisation,
            "contact_name": self.contact,
            "contact_email": self.email,
            "contact_phone": "01225 000000",
            "postcode": self.postcode,
            "what_is_offered": self.offers,
            "registration": self.registration,
        }
        return asked | ({"urn": self.urn} if self.urn else {})

    @property
    def entry(self) -> dict[str, Any]:
        """What they would have people read about them on the list, for those who get that far."""
        chosen = _ENTRIES.get(self.organisation, "").split("|")
        names = ("ages", "places", "subjects", "needs", "days")
        return {"description": f"{self.offers}."} | {
            name: options.split() for name, options in zip(names, chosen, strict=False)
        }

    @property
    def whole_entry(self) -> dict[str, Any]:
        """The same, with who they are."""
        asked = self.enquiry
        return self.entry | {name: asked[name] for name in ("organisation", "registration", "urn") if name in asked}


OLIVE, OSCAR, ORLA, OWEN, OPAL = (
    Member(name, ("officer",))
    for name in ("Olive Ashdown", "Oscar Brightwell", "Orla Camerton", "Owen Dunkerly", "Opal Enfield")
)
MAGDA, MORRIS = (Member(name, ("manager",)) for name in ("Magda Fairweather", "Morris Greenslade"))
DILYS = Member("Dilys Midford", ("data_protection_officer",))
PETRA = Member("Petra Hollowell", ("panel_member",), "safeguarding")
PAVEL = Member("Pavel Inglewood", ("panel_member",), "send")
POPPY = Member("Poppy Jessop", ("panel_member",), "virtual_school")
PERCY = Member("Percy Kilmersdon", ("panel_member",), "health_and_safety")
PRIYA = Member("Priya Larkhall", ("panel_member", "officer"), "alternative_learning")
STAFF = (OLIVE, OSCAR, ORLA, OWEN, OPAL, MAGDA, MORRIS, DILYS, PETRA, PAVEL, POPPY, PERCY, PRIYA)

_ROWS = """
Acorn and Anvil Forge|Ada Applegarth|BA2 3AA|Blacksmithing and metalwork for ages 13 to 16, two days a week
Bramble Bank Farm|Ben Bottlewick|BA3 4AB|Animal care and horticulture for ages 8 to 16
Canalside Bikes|Cara Cloverdale|BA1 5AC|Bicycle mechanics with English and maths for ages 14 to 16
Dovetail Woodshop|Dev Dandridge|BS31 1AD|Carpentry for ages 14 to 16, mornings only
Evergreen Explorers|Elsie Emberton|BA2 8AE|Forest school for ages 5 to 11
Fiddlestick Music|Finn Farthing|BA1 2AF|One-to-one music and song writing for ages 9 to 16
Gorse Hill Stables|Gita Goldhanger|BA3 5AG|Equine-assisted learning for ages 7 to 16
Harbourlight Tuition|Hal Hesketh|BA1 1AH|One-to-one tuition at home or online in all core subjects
Inkwell Press|Ivy Ironmonger|BA2 4AJ|Printmaking and publishing for ages 11 to 16
Jackdaw Theatre|Jon Jellicoe|BA1 3AK|Drama and confidence for ages 11 to 16
Kestrel Climbing|Kit Kettering|BS39 4AL|Climbing and outdoor leadership for ages 12 to 16
Lantern Kitchen|Lena Lockyer|BA2 1AM|Catering skills with a food hygiene certificate, ages 14 to 16
Meadowsweet School|Mo Merriweather|BA3 2AN|Independent special school, ages 11 to 16
Nightingale Nurture|Nell Northover|BA2 2AP|Small-group nurture for ages 5 to 9
Orchard Row|Otis Oakhanger|BS39 7AQ|Orchard work, cider-free, and rural crafts for ages 13 to 16
Paddlewheel Boats|Pia Penhallow|BA2 6AR|Boat handling and river science for ages 12 to 16
Quillfeather Books|Quinn Quayle|BA1 4AS|Reading recovery through comics for ages 8 to 14
Rope and Rigging|Rosa Rookwood|BS31 2AT|Practical engineering for ages 14 to 16
Sunfield Sports|Sol Stapleford|BA2 5AU|Sports leadership with functional skills
Tumbledown Gardens|Tess Tiverton|BA3 6AW|Gardening and outdoor maths for ages 11 to 16
Upcycle Yard|Uma Underhill|BA1 6AX|Furniture restoration for ages 13 to 16
Velvet Paw Grooming|Vic Varley|BA2 7AY|Dog grooming introduction for ages 14 to 16
Windmill Robotics|Wren Wychwood|BA1 7AZ|Electronics and coding for ages 10 to 16
Yarrow House|Yusuf Yardley|BA2 9BA|Therapeutic learning for ages 11 to 16
Zephyr Sailing|Zara Zennor|BS31 3BB|Sailing and teamwork for ages 12 to 16
Amber Lane Studio|Abel Ainsty|BA1 8BD|Photography and film for ages 13 to 16
Beacon Motor Project|Bea Blagdon|BA3 3BE|Motor mechanics for ages 14 to 16
Copperplate Crafts|Cy Corston|BA2 0BF|Pottery and textiles for ages 9 to 16
Driftwood Days|Dot Dulverton|BS39 5BG|Outdoor education for ages 8 to 13
Elderflower Rooms|Eli Exford|BA1 9BH|Part-time learning for pupils with anxiety
Foxglove Fields|Fay Frome|BA3 1BJ|Animal care and science for ages 11 to 16
Goldcrest Kitchen|Greta Gurney|BA1 4BK|Cooking for a real café, with English and maths on the way, for ages 14 to 16
Hollyhock School|Hope Harptree|BA2 3BL|A small independent special school for ages 11 to 16|registered|999913
Juniper Online|Jude Jarrett|BA2 6BM|Live lessons online in core subjects, one to one or in threes, for ages 7 to 16
Kingfisher Canoes|Kay Kilmington|BA1 7BN|Canoeing and river skills with English and maths, for ages 12 to 16
Larkspur Learning|Liv Litton|BA2 8BP|Small groups for pupils who are anxious about school, ages 9 to 16
Marigold Makers|Max Mells|BS31 4BQ|Textiles, print and small business, for ages 13 to 16
Nutmeg Joinery|Noor Norwood|BA2 1BR|Joinery and site skills for ages 14 to 16
Osier Weavers|Ola Oldfield|BS39 6BS|Basketry and calm, in groups of three, for ages 9 to 14
"""
# Ages, places, subjects, needs and days, by the names that provider.yaml gives them.
_ENTRIES = {
    "Windmill Robotics": "ks3 ks4|bath|computing science trades|anxiety autism communication|tuesday wednesday friday",
    "Yarrow House": "ks3 ks4|bath|english maths therapy|semh anxiety autism|monday tuesday wednesday thursday",
    "Zephyr Sailing": "ks3 ks4|keynsham further|outdoors sport life_skills|semh adhd exclusion|tuesday holidays",
    "Amber Lane Studio": "ks3 ks4|bath|arts computing|semh anxiety communication|wednesday friday",
    "Beacon Motor Project": "ks4|somer_valley|trades maths|semh exclusion|monday wednesday",
    "Foxglove Fields": "ks3 ks4|somer_valley chew_valley|animals science outdoors|autism adhd semh|monday friday",
    "Goldcrest Kitchen": "ks4|bath|catering english maths life_skills|semh learning exclusion|monday tuesday thursday",
    "Hollyhock School": "ks3 ks4|somer_valley|english maths science arts sport|autism learning communication|"
    "monday tuesday wednesday thursday friday",
    "Kingfisher Canoes": "ks3 ks4|bath further|outdoors english maths sport|semh adhd exclusion|tuesday thursday",
    "Larkspur Learning": "ks2 ks3 ks4|bath|english maths arts therapy|anxiety autism|monday wednesday friday",
    "Marigold Makers": "ks3 ks4|keynsham|arts trades life_skills|semh learning|monday tuesday wednesday",
    "Nutmeg Joinery": "ks4|bath|trades maths|semh exclusion|monday tuesday",
    "Osier Weavers": "ks2 ks3|chew_valley|arts|anxiety semh|thursday friday",
    "Juniper Online": "ks2 ks3 ks4|online at_home|english maths science|anxiety medical physical|"
    "monday tuesday wednesday thursday friday",
}


def providers() -> list[Provider]:
    """The providers in the order the stories take them."""
    rows = (line.split("|") for line in _ROWS.strip().splitlines())
    made = [Provider(*row) for row in rows]
    return [
        Provider(p.organisation, p.contact, p.postcode, p.offers, "registered", "999912")
        if p.organisation == "Meadowsweet School"
        else p
        for p in made
    ]
