"""The working half of tryton.sh: two Trytons seen only through their XML-RPC, and Doctorbird between them.

Started by tryton.sh, which provides the environment (directory, ports, psql). Needs Debian's python3 and nothing else.
Prints one line for each expectation and `tryton: N passed, N failed` at the end.

Everything is compared as Tryton shows it: every field that `fields_get` names, function fields included, with the local
ids translated to keys that both sites know (a party's code, a country's code, a category's path ...). Left out are only
what belongs to one site: the id itself and who wrote the row there, and when.
"""

import base64
import os
import signal
import subprocess
import sys
import time
import xmlrpc.client

import tryton_data
from tryton_engine import Doctorbird, NotRun

LOCAL_FIELDS = {"id", "create_date", "create_uid", "write_date", "write_uid"}

# What both sites must show alike, and the fields by which a record is known on either side.
MODELS = {
    "party.party": ("code",),
    "party.category": ("rec_name",),
    "party.address": ("party", "name", "street", "city"),
    "party.contact_mechanism": ("party", "type", "value"),
    "party.identifier": ("party", "type", "code"),
}
# Not reachable by XML-RPC, seen only through their parents' fields (`categories`, `lang`, `language`) and counted there.
HIDDEN_MODELS = {"party.party-party.category", "party.party.lang", "party.contact_mechanism.language"}
# What each site loaded by itself, with other ids.
REFERENCE_MODELS = {"country.country": ("code",), "country.subdivision": ("code",), "ir.lang": ("code",)}
# A key may contain another model's key: these come first.
KEY_ORDER = [
    "country.country",
    "country.subdivision",
    "ir.lang",
    "party.party",
    "party.category",
    "party.contact_mechanism",
    "party.address",
    "party.identifier",
]


class Tally:
    """Counts expectations and prints a line for each."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, expectation, holds, detail=""):
        if holds:
            self.passed += 1
            print("ok    " + expectation, flush=True)
        else:
            self.failed += 1
            print("FAIL  " + expectation + (": " + str(detail) if detail else ""), flush=True)
        return holds

    def equal(self, expectation, differences):
        """Checks that a list of differences is empty; shows the first ones if it is not."""
        self.check(expectation, not differences, f"{len(differences)} differences")
        for difference in differences[:8]:
            print("        " + difference, flush=True)


class Tryton:
    """One user's session with one trytond."""

    def __init__(self, site, port, login, password):
        self.site, self.port = site, port
        self.url = f"http://127.0.0.1:{port}/{site}/"
        plain = xmlrpc.client.ServerProxy(self.url, allow_none=True, use_builtin_types=True)
        user, key = plain.common.db.login(login, {"password": password}, "en")
        token = base64.b64encode(f"{login}:{user}:{key}".encode()).decode()
        self.proxy = xmlrpc.client.ServerProxy(
            self.url,
            allow_none=True,
            use_builtin_types=True,
            headers=[("Authorization", "Session " + token)],
        )
        self.context = {}
        self.context = self.call("res.user", "get_preferences", True)

    def call(self, model, method, *arguments, **context):
        return getattr(self.proxy, f"model.{model}.{method}")(*arguments, {**self.context, **context})

    def create(self, model, *rows):
        return self.call(model, "create", list(rows))

    def write(self, model, ids, values, **context):
        return self.call(model, "write", ids, values, **context)

    def read_all(self, model, fields, domain=()):
        return self.call(model, "search_read", list(domain), 0, None, None, fields, active_test=False)

    def find(self, model, *domain):
        """Returns the id of the one record, active or not, that the domain selects."""
        found = self.call(model, "search", list(domain), 0, None, None, active_test=False)
        if len(found) != 1:
            raise LookupError(f"{self.site}: {len(found)} records of {model} for {domain}")
        return found[0]

    def fault(self, model, method, *arguments, **context):
        """Returns the code of the fault that the call ends with, None if it succeeds."""
        try:
            self.call(model, method, *arguments, **context)
        except xmlrpc.client.Fault as fault:
            return fault.faultCode
        return None


def wait_for(site, port, password):
    """Logs in as admin as soon as the trytond answers; at most 60 seconds."""
    until = time.monotonic() + 60
    while True:
        try:
            return Tryton(site, port, "admin", password)
        except (OSError, xmlrpc.client.ProtocolError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def content(tryton, models):
    """Returns {model: {key: {field: value}}} of everything in the models, without any local id."""
    shapes, rows = {}, {}
    for model in KEY_ORDER:
        shapes[model] = tryton.call(model, "fields_get", [])
        names = [name for name in shapes[model] if name not in LOCAL_FIELDS]
        rows[model] = {row["id"]: row for row in tryton.read_all(model, names)}

    keys = {model: {} for model in KEY_ORDER}

    def portable(shape, value):
        relation = shape.get("relation")
        if not relation or value is None:
            return value
        if relation in HIDDEN_MODELS:
            return len(value)
        if isinstance(value, int):
            return keys[relation].get(value, f"unknown id {value}")
        return sorted((str(keys[relation].get(i, f"unknown id {i}")) for i in value))

    for model in KEY_ORDER:
        names = {**MODELS, **REFERENCE_MODELS}[model]
        for id_, row in rows[model].items():
            key = tuple(portable(shapes[model][name], row[name]) for name in names)
            keys[model][id_] = key[0] if len(key) == 1 else key
    result = {}
    for model in models:
        result[model] = {}
        for id_, row in rows[model].items():
            values = {
                name: portable(shapes[model][name], value)
                for name, value in row.items()
                if name not in LOCAL_FIELDS and name in shapes[model]
            }
            # Two equal rows of one party are two records.
            result[model].setdefault(keys[model][id_], []).append(values)
    for by_key in result.values():
        for values in by_key.values():
            values.sort(key=repr)
    return result


def differences(left, right):
    """Compares two contents; names what differs, model by model."""
    found = []
    for model in left:
        for key in sorted(left[model].keys() | right[model].keys(), key=repr):
            here, there = left[model].get(key, []), right[model].get(key, [])
            if len(here) != len(there):
                found.append(f"{model} {short(key)}: {len(here)} here, {len(there)} there")
                continue
            for one, other in zip(here, there):
                for name in one:
                    if one[name] != other[name]:
                        found.append(f"{model} {short(key)} {name}: {short(one[name])} | {short(other[name])}")
    return found


def short(value):
    text = repr(value)
    return text if len(text) <= 70 else text[:67] + "..."


class Psql:
    """The superuser's psql on the private cluster: for looking, never for changing Tryton's data."""

    def __init__(self, command):
        self.command = command.split()

    def one(self, database, sql):
        done = subprocess.run(
            self.command + ["-qAtX", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql],
            cwd="/",
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()


def versions(tryton):
    """Returns {(model, id): _timestamp} of all records of the synchronised models: Tryton's own version marks."""
    return {
        (model, row["id"]): row["_timestamp"]
        for model in MODELS
        for row in tryton.read_all(model, ["_timestamp"])
    }


def local_marks_hold(tally, tryton, when):
    """Checks that Tryton can show who wrote each record and when, which it cannot for a user of another site."""
    trouble = []
    for model in MODELS:
        fields = ["create_uid.rec_name", "write_uid.rec_name", "create_date", "write_date"]
        try:
            for row in tryton.read_all(model, fields):
                if row["create_date"] is None:
                    trouble.append(f"{model}: no create_date")
                if not (row.get("create_uid.") or {}).get("rec_name"):
                    trouble.append(f"{model}: no create_uid")
        except xmlrpc.client.Fault as fault:
            trouble.append(f"{model}: fault {fault.faultCode}")
    tally.equal(f"{tryton.site} shows who created and wrote each record {when}", trouble)


def form(tryton, model, id_):
    """Opens a record as a client's form does; returns the context with which that form would save."""
    (row,) = tryton.call(model, "read", [id_], ["_timestamp"])
    return {"_timestamp": {f"{model},{id_}": row["_timestamp"]}}


def same_on_both(tally, central, clinic, when):
    tally.equal(
        f"clinic and central show the same in every field {when}",
        differences(content(clinic, MODELS), content(central, MODELS)),
    )


def run(tally, central, clinic, psql, doctorbird):
    # -- before Doctorbird: two sites at work ---------------------------------------------------------------------------
    central = tryton_data.prepare(central, "central", Tryton)
    clinic = tryton_data.prepare(clinic, "clinic", Tryton)
    tryton_data.work_before_on_central(central)
    tryton_data.work_before_on_clinic(clinic)
    before_clinic, before_central = content(clinic, MODELS), content(central, MODELS)
    count = sum(len(rows) for rows in before_clinic["party.party"].values())
    tally.check("the clinic's Tryton made 25 parties", count == 25, count)
    tally.check(
        "the two sites gave the same reference data other ids",
        all(
            central.find(model, ("code", "=", code)) != clinic.find(model, ("code", "=", code))
            for model, code in (("country.country", "JM"), ("country.subdivision", "JM-01"), ("ir.lang", "ht"))
        ),
    )
    tally.equal(
        "that reference data is otherwise equal",
        differences(content(clinic, REFERENCE_MODELS), content(central, REFERENCE_MODELS)),
    )
    taken = {row["id"] for row in central.read_all("party.party", ["code"])}
    tally.check(
        "some ids mean one party on the clinic and another on central",
        taken & {row["id"] for row in clinic.read_all("party.party", ["code"])},
    )

    # -- the first exchange ---------------------------------------------------------------------------------------------
    doctorbird.set_up(central.site, clinic.site)
    for tryton in (central, clinic):
        site = tryton.site
        tally.check(
            f"{site}: Tryton's role has no right on the engine's schema, and the engine's role owns no table of Tryton's",
            psql.one(
                site,
                f"select has_schema_privilege('tryton_{site}', 'doctorbird', 'usage, create')"
                f" or exists (select from pg_tables where schemaname = 'public' and tableowner = 'doctorbird_{site}')",
            )
            == "f",
        )
    doctorbird.sync("first")
    tally.equal(
        "everything the clinic had is on central, equal in every field",
        missing(before_clinic, content(central, MODELS)),
    )
    tally.equal(
        "everything central had is on the clinic, equal in every field",
        missing(before_central, content(clinic, MODELS)),
    )
    same_on_both(tally, central, clinic, "after the first exchange")
    local_marks_hold(tally, central, "after the first exchange")
    local_marks_hold(tally, clinic, "after the first exchange")
    marks = versions(central), versions(clinic)
    doctorbird.sync("idle")
    tally.check("an exchange with nothing to do touches no record", marks == (versions(central), versions(clinic)))

    # -- edits on central, seen by the clinic ---------------------------------------------------------------------------
    edited = clinic.find("party.party", ("code", "=", "K1"))
    stale = form(clinic, "party.party", edited)
    untouched = clinic.find("party.party", ("code", "=", "K9"))
    still_good = form(clinic, "party.party", untouched)
    expectations = tryton_data.edit_on_central(central)
    doctorbird.sync("central's edits")
    for sentence, holds in expectations:
        tally.check("the clinic shows " + sentence, holds(clinic))
    same_on_both(tally, central, clinic, "after edits on central")
    tally.check(
        "a form opened on the clinic before central's edit came cannot overwrite it (fault 4)",
        clinic.fault("party.party", "write", [edited], {"name": "stale"}, **stale) == 4,
    )
    tally.check(
        "a form opened on a party that nobody edited saves",
        clinic.fault("party.party", "write", [untouched], {"name": "Saved from an old form"}, **still_good) is None,
    )
    tally.check(
        "a form opened after the exchange saves",
        clinic.fault(
            "party.party", "write", [edited], {"name": "Saved from a new form"}, **form(clinic, "party.party", edited)
        )
        is None,
    )

    # -- edits on the clinic, seen by central ---------------------------------------------------------------------------
    edited = central.find("party.party", ("code", "=", "K3"))
    stale = form(central, "party.party", edited)
    expectations = tryton_data.edit_on_clinic(clinic)
    doctorbird.sync("the clinic's edits")
    for sentence, holds in expectations:
        tally.check("central shows " + sentence, holds(central))
    same_on_both(tally, central, clinic, "after edits on the clinic")
    tally.check(
        "a form opened on central before the clinic's edit came cannot overwrite it (fault 4)",
        central.fault("party.party", "write", [edited], {"name": "stale"}, **stale) == 4,
    )

    # -- both at once ---------------------------------------------------------------------------------------------------
    tryton_data.edit_other_fields_of_one_address(central, clinic)
    doctorbird.sync("both sides' edits")
    tally.equal(
        "edits of two fields of one address, one on each side, are both on both sides",
        tryton_data.unmerged(central) + tryton_data.unmerged(clinic),
    )
    same_on_both(tally, central, clinic, "after edits on both sides")

    # -- life goes on ---------------------------------------------------------------------------------------------------
    for tryton in (central, clinic):
        trouble = tryton_data.create_afterwards(tryton)
        tally.equal(f"{tryton.site}'s Tryton still creates, edits, copies and deletes", trouble)
    doctorbird.sync("records made afterwards")
    same_on_both(tally, central, clinic, "after new records on both sides")
    local_marks_hold(tally, central, "at the end")
    local_marks_hold(tally, clinic, "at the end")

    # -- and without the engine -----------------------------------------------------------------------------------------
    doctorbird.stop()
    for tryton in (central, clinic):
        doctorbird.uninstall(tryton.site)
        left = psql.one(
            tryton.site,
            "select (select count(*) from pg_namespace where nspname = 'doctorbird')"
            " + (select count(*) from pg_trigger where not tgisinternal)"
            " + (select count(*) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public')",
        )
        tally.check(f"uninstall leaves no trace in {tryton.site}'s database", left == "0", left)
        tally.equal(
            f"{tryton.site}'s Tryton works without the engine", tryton_data.create_afterwards(tryton)
        )


def missing(wanted, there):
    """Returns what of `wanted` is not in `there`, key by key and field by field; more may be there."""
    return differences(
        wanted, {model: {key: there[model].get(key, []) for key in by_key} for model, by_key in wanted.items()}
    )


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    directory = os.environ["TRYTON_DIR"]
    ports = [int(port) for port in os.environ["TRYTON_PORTS"].split()]
    with open(directory + "/run/admin-password", encoding="ascii") as file:
        password = file.read()
    tally = Tally()
    doctorbird = Doctorbird(os.environ["DOCTORBIRD"], directory, database_port=ports[0], engine_port=ports[3])
    began = time.monotonic()
    try:
        central = wait_for("central", ports[1], password)
        clinic = wait_for("clinic", ports[2], password)
        run(tally, central, clinic, Psql(os.environ["TRYTON_PSQL"]), doctorbird)
    except NotRun as reason:
        tally.check("Doctorbird does its part", False, reason)
    except (xmlrpc.client.Error, OSError, LookupError, subprocess.SubprocessError) as error:
        tally.check("the test runs to its end", False, f"{type(error).__name__}: {error}")
        import traceback

        traceback.print_exc()
    finally:
        doctorbird.stop()
    print(f"tryton: {tally.passed} passed, {tally.failed} failed ({time.monotonic() - began:.0f} s)")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
