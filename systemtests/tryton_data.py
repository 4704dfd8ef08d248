"""What happens at the two sites of the Tryton test: invented reference data, parties and edits, all by XML-RPC.

Parties are known by their code: Tryton draws it from a sequence, to which each site gives its own prefix (K for the
clinic, C for central). Without that, both sites would give the code 1 to different people.
"""

COUNTRIES = [
    ("JM", "JAM", "Jamaica"),
    ("CU", "CUB", "Cuba"),
    ("HT", "HTI", "Haiti"),
    ("CI", "CIV", "Côte d'Ivoire"),
]
PARISHES = [("JM-01", "Kingston"), ("JM-02", "Saint Andrew"), ("JM-08", "Saint James"), ("JM-11", "Saint Elizabeth")]
PASSWORD = "swift-jacket-plumb-42"  # Tryton refuses weak ones
KEPT_BY_CENTRAL = [("party.code", "=", "K6"), ("type", "=", None)]  # an identifier that the clinic deletes
LANGUAGES = [("ht", "Kreyòl ayisyen"), ("jam", "Patwa")]

# The rows of Tryton's `create`: what XML can carry and a person could type.
NAMES = [
    "Brown, Marcia",
    "Müller-Lüdenscheidt, Änne",
    "Núñez y Peña, José María",
    "O'Reilly \"Paddy\" \\ de la Cruz",
    "王小明",
    "Владимир Ильич Ножкин",
    "محمد عبد الله",
    "Nguyễn Thị Minh Khai",
    "Zoe\u0308 Decomposed",
    "Zoë Composed",
    "  spaces before and behind  ",
    "dollars $1 $body$ \\N %s {0} &amp; <b>",
    "𝒜𝓁𝒾𝒸ℯ beyond the basic plane",
    "NULL",
    "",
    None,
    "a" * 300,
    "%(percent)s \\n \\\\ backslashes",
    "Ça-va, Ñandú",
    "Ωμέγα Άλφα",
    "İstanbul'lu Iğdır",
    "ﬁ ligature ﬂ",
    "-- '; drop table party_party; --",
    "zero\u200bwidth",
    "Campbell, Devon",
]


def prepare(admin, site, session):
    """Loads reference data (in another order on each site), names the site in the party codes, makes its user.

    Returns the session of that user, whose id exists on this site only or means somebody else on the other.
    """
    turn = (lambda rows: rows) if site == "central" else (lambda rows: rows[::-1])
    admin.create("ir.lang", *({**_language(admin), "code": code, "name": name} for code, name in turn(LANGUAGES)))
    admin.create("country.country", *({"code": c, "code3": c3, "name": n} for c, c3, n in turn(COUNTRIES)))
    jamaica = admin.find("country.country", ("code", "=", "JM"))
    admin.create(
        "country.subdivision",
        *({"code": code, "name": name, "type": "parish", "country": jamaica} for code, name in turn(PARISHES)),
    )
    sequence = admin.find("ir.sequence", ("name", "=", "Party"))
    admin.write("ir.sequence", [sequence], {"prefix": "C" if site == "central" else "K"})
    login = "doctor" if site == "central" else "nurse"
    before = [] if site == "central" else ["porter", "clerk", "cook"]
    groups = [["add", admin.call("res.group", "search", [])]]
    for name in [*before, login]:
        admin.create("res.user", {"login": name, "name": name.title(), "password": PASSWORD, "groups": groups})
    return session(site, admin.port, login, PASSWORD)


def _language(admin):
    """Returns the number and date formats of English, for a new language."""
    shape = ["date", "grouping", "decimal_point", "thousands_sep", "direction", "mon_grouping", "mon_decimal_point"]
    shape += ["mon_thousands_sep", "p_sign_posn", "n_sign_posn", "negative_sign", "positive_sign"]
    (row,) = admin.call("ir.lang", "search_read", [("code", "=", "en")], 0, None, None, shape)
    return {name: row[name] for name in shape}


def _place(tryton, parish):
    return {
        "country": tryton.find("country.country", ("code", "=", "JM")),
        "subdivision": tryton.find("country.subdivision", ("code", "=", parish)),
    }


def work_before_on_central(central):
    """Makes eight parties and deletes three, so that the next local ids are nobody's guess."""
    region, ward = central.create("party.category", {"name": "Region"}, {"name": "Ward"})
    central.write("party.category", [ward], {"parent": region})
    place = _place(central, "JM-01")
    made = central.create(
        "party.party",
        *(
            {
                "name": f"Ministry office {number}",
                "addresses": [["create", [{"street": f"{number} King Street", "city": "Kingston", **place}]]],
                "contact_mechanisms": [["create", [{"type": "email", "value": f"office{number}@example.org"}]]],
                "categories": [["add", [ward]]],
            }
            for number in range(1, 9)
        ),
    )
    central.call("party.party", "delete", made[1:4])


def work_before_on_clinic(clinic):
    """Makes the clinic's 25 parties with all that belongs to them; their codes are K1 to K25 in order of NAMES."""
    root, chronic = clinic.create("party.category", {"name": "Patients"}, {"name": "Staff"})
    diabetes, asthma = clinic.create(
        "party.category", {"name": "Diabetes", "parent": root}, {"name": "Asthma & Co.", "parent": root}
    )
    (deep,) = clinic.create("party.category", {"name": "Type 2", "parent": diabetes})
    clinic.create("party.category", {"name": "Retired", "active": False, "parent": chronic})
    # The same name below two parents is allowed, below one it is not.
    clinic.create("party.category", {"name": "Type 2", "parent": asthma})
    kreyol = clinic.find("ir.lang", ("code", "=", "ht"))
    places = [_place(clinic, code) for code, _ in PARISHES]

    rows = []
    for number, name in enumerate(NAMES, 1):
        row = {"name": name}
        if number % 4 != 0:
            row["addresses"] = [["create", [_address(number, n, places) for n in range(number % 3 + 1)]]]
        row["contact_mechanisms"] = [["create", _contacts(number, kreyol)]]
        if number % 3 == 0:
            row["identifiers"] = [["create", _identifiers(number)]]
        chosen = [category for n, category in enumerate((root, chronic, diabetes, asthma, deep)) if number >> n & 1]
        row["categories"] = [["add", chosen]]
        if number % 5 == 0:
            row["lang"] = kreyol
        if number in (7, 21):
            row["active"] = False
        rows.append(row)
    made = clinic.create("party.party", *rows)
    # References to an earlier and to a later party, and a circle of two.
    for party, target in ((7, 2), (2, 23), (21, 22), (22, 21)):
        clinic.write("party.party", [made[party - 1]], {"replaced_by": made[target - 1]})


def _address(number, turn, places):
    address = {
        "name": [None, "", "Annexe \"B\""][turn],
        "street": f"{number} Main Street\nbehind the church,\tfloor {turn}",
        "city": ["Montego Bay", None, "Saint Elizabeth's"][number % 3],
        "postal_code": [None, "JMAAW15", "00000"][turn],
        "sequence": [None, 10, -5][turn],
        "party_name": [None, NAMES[3], None][turn],
        "active": turn != 2,
    }
    if number % 2:
        address.update(places[number % len(places)])
    if number == 13:
        address["street"] = "Lot 7, " + "long lane ünd straße 王, " * 800
    return address


def _contacts(number, language):
    contacts = [{"type": "phone", "value": f"+1 876-922-{1000 + number}", "sequence": number}]
    if number % 2:
        contacts.append({"type": "email", "value": f"person{number}@example.org", "name": "Büro", "comment": "a\n\nb"})
    if number % 6 == 0:
        contacts.append({"type": "website", "value": "https://example.org/?q=ä&r='1'", "language": language})
    if number % 8 == 0:
        contacts.append({"type": "other", "value": None, "active": False})
    return contacts


def _identifiers(number):
    return [
        {"type": None, "code": f"old card {number}", "sequence": 2},
        {"type": "us_ssn", "code": "536-90-4399", "sequence": 1},
    ]


def _party(tryton, code):
    return tryton.find("party.party", ("code", "=", code))


def _child(tryton, model, code, *domain):
    return tryton.find(model, ("party.code", "=", code), *domain)


def _value(tryton, model, id_, name):
    (row,) = tryton.call(model, "read", [id_], [name])
    return row[name]


def edit_on_central(central):
    """Edits the clinic's records on central; returns [(sentence, test of what the other site shows)]."""
    place = _place(central, "JM-08")
    central.write("party.party", [_party(central, "K1")], {"name": "Brown-Campbell, Marcia"})
    street = ("street", "like", "1 Main Street%floor 0")
    central.write("party.address", [_child(central, "party.address", "K1", street)], {"city": "Negril", **place})
    phone = _child(central, "party.contact_mechanism", "K1", ("type", "=", "phone"))
    central.write("party.contact_mechanism", [phone], {"value": "+1 876-957-4000"})
    central.create("party.address", {"party": _party(central, "K4"), "street": "new on central", "city": None})
    central.write("party.party", [_party(central, "K5")], {"active": False, "lang": None})
    staff = central.find("party.category", ("name", "=", "Staff"))
    ward = central.find("party.category", ("name", "=", "Ward"))
    central.write("party.party", [_party(central, "K6")], {"categories": [["remove", [staff]], ["add", [ward]]]})
    central.write("party.category", [central.find("party.category", ("name", "=", "Retired"))], {"parent": None})
    email = _child(central, "party.contact_mechanism", "K3", ("type", "=", "email"))
    central.call("party.contact_mechanism", "delete", [email])
    return [
        (
            "a name edited on central",
            lambda t: _value(t, "party.party", _party(t, "K1"), "name") == "Brown-Campbell, Marcia",
        ),
        (
            "an address edited on central",
            lambda t: t.read_all("party.address", ["city"], [("party.code", "=", "K1"), ("city", "=", "Negril")]),
        ),
        (
            "a telephone number edited on central",
            lambda t: t.read_all("party.contact_mechanism", ["value"], [("value", "=", "+1 876-957-4000")]),
        ),
        (
            "an address added on central",
            lambda t: t.read_all("party.address", ["street"], [("street", "=", "new on central")]),
        ),
        (
            "a party made inactive on central",
            lambda t: _value(t, "party.party", _party(t, "K5"), "active") is False,
        ),
        (
            "no e-mail address that was deleted on central",
            lambda t: not t.read_all(
                "party.contact_mechanism", ["id"], [("party.code", "=", "K3"), ("type", "=", "email")]
            ),
        ),
    ]


def edit_on_clinic(clinic):
    """The same towards central, with other parties, among them one that central made.

    Categories are renamed where they were made: the other site's own translation of a name would hide the new one.
    """
    clinic.write("party.party", [_party(clinic, "K3")], {"name": "Núñez, José"})
    clinic.write("party.party", [_party(clinic, "C1")], {"name": "Ministry office 1 (moved)"})
    clinic.write(
        "party.address", [_child(clinic, "party.address", "C1")], {"street": None, "postal_code": "Kingston 10"}
    )
    clinic.write("party.party", [_party(clinic, "K21")], {"active": True, "replaced_by": None})
    clinic.create("party.identifier", {"party": _party(clinic, "C5"), "code": "given at the clinic"})
    phone = _child(clinic, "party.contact_mechanism", "K9", ("type", "=", "phone"))
    clinic.write("party.contact_mechanism", [phone], {"comment": "only\tmornings", "active": False})
    clinic.write("party.category", [clinic.find("party.category", ("name", "=", "Diabetes"))], {"name": "Diabètes"})
    clinic.call("party.identifier", "delete", [clinic.find("party.identifier", *KEPT_BY_CENTRAL)])
    return [
        (
            "a name edited on the clinic",
            lambda t: _value(t, "party.party", _party(t, "K3"), "name") == "Núñez, José",
        ),
        (
            "the name of a party of central's, edited on the clinic",
            lambda t: _value(t, "party.party", _party(t, "C1"), "name") == "Ministry office 1 (moved)",
        ),
        (
            "an address emptied in part on the clinic",
            lambda t: _value(t, "party.address", _child(t, "party.address", "C1"), "street") is None,
        ),
        (
            "a party made active again on the clinic",
            lambda t: _value(t, "party.party", _party(t, "K21"), "active") is True,
        ),
        (
            "an identifier added on the clinic to a party of central's",
            lambda t: _child(t, "party.identifier", "C5", ("code", "=", "given at the clinic")),
        ),
        (
            "a category renamed on the clinic",
            lambda t: t.read_all("party.category", ["name"], [("name", "=", "Diabètes")]),
        ),
        (
            "still the identifier that was deleted on the clinic: only central deletes for all",
            lambda t: t.read_all("party.identifier", ["id"], KEPT_BY_CENTRAL),
        ),
    ]


def delete_on_central_too(central):
    """What a person at central does who agrees with the clinic's deletion."""
    central.call("party.identifier", "delete", [central.find("party.identifier", *KEPT_BY_CENTRAL)])


def edit_other_fields_of_one_address(central, clinic):
    """Central writes the city, the clinic the postal code of the same address, neither knowing of the other."""
    for tryton, values in ((central, {"city": "Port Antonio"}), (clinic, {"postal_code": "JMCPD01"})):
        tryton.write("party.address", [_child(tryton, "party.address", "C6")], values)


def unmerged(tryton):
    (row,) = tryton.read_all("party.address", ["city", "postal_code"], [("party.code", "=", "C6")])
    return [
        f"{tryton.site}: {name} is {row[name]!r}"
        for name, value in (("city", "Port Antonio"), ("postal_code", "JMCPD01"))
        if row[name] != value
    ]


def edit_after_update(clinic):
    clinic.write("party.party", [_party(clinic, "K24")], {"name": "Edited after the update"})


def create_afterwards(tryton):
    """Works on as a user would, after the engine wrote into Tryton's tables; returns what went wrong, in sentences."""
    trouble = []
    (category,) = tryton.create("party.category", {"name": f"Afterwards on {tryton.site}"})
    made = tryton.create(
        "party.party",
        *(
            {
                "name": f"Afterwards {number}",
                "addresses": [["create", [{"street": f"{number} After Street"}]]],
                "contact_mechanisms": [["create", [{"type": "phone", "value": f"+1 876-922-{5000 + number}"}]]],
                "identifiers": [["create", [{"code": f"after {number}"}]]],
                "categories": [["add", [category]]],
                "lang": tryton.find("ir.lang", ("code", "=", "jam")),
            }
            for number in range(3)
        ),
    )
    (copy,) = tryton.call("party.party", "copy", made[:1])
    other = "K" if tryton.site == "central" else "C"
    theirs = tryton.call("party.party", "search", [("code", "like", other + "%")], 0, 1, None)
    tryton.write("party.party", [made[1], *theirs], {"name": f"Edited afterwards on {tryton.site}"})
    tryton.call("party.party", "delete", [made[2], copy])
    tryton.call("party.category", "delete", [category])
    rows = tryton.call("party.party", "read", made[:2], ["name", "code", "addresses", "phone"])
    if len(rows) != 2 or any(len(row["addresses"]) != 1 or not row["phone"] for row in rows):
        trouble.append("what was made is not what is there")
    return trouble
