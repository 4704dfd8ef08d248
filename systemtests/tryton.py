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
import traceback
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


def unmarked(tryton, model):
    """Names what Tryton cannot show of who created and wrote the model's records, and when they were created."""
    fields = ["create_uid.rec_name", "write_uid.rec_name", "create_date"]
    try:
        rows = tryton.read_all(model, fields)
    except xmlrpc.client.Fault as fault:
        return [f"{model}: fault {fault.faultCode}"]
    return [
        f"{model} {row['id']}: no user or date"
        for row in rows
        if row["create_date"] is None or not (row.get("create_uid.") or {}).get("rec_name")
    ]


def form(tryton, model, id_):
    """Opens a record as a client's form does; returns the context with which that form would save."""
    (row,) = tryton.call(model, "read", [id_], ["_timestamp"])
    return {"_timestamp": {f"{model},{id_}": row["_timestamp"]}}


def update_modules():
    """Updates the clinic's party module as after an upgrade of Tryton; its triggers and data must outlive that."""
    done = subprocess.run(os.environ["TRYTON_ADMIN"].split() + ["-u", "party"], cwd="/", capture_output=True)
    return done.returncode == 0


class Story:
    """The test itself, chapter by chapter; each method goes on from where the one before it ended."""

    def __init__(self, tally, central, clinic, psql, doctorbird):
        self.tally = tally
        self.central = central
        self.clinic = clinic
        self.sites = (central, clinic)
        self.psql = psql
        self.doctorbird = doctorbird
        self.before = None

    def run(self):
        self.two_sites_at_work()
        self.engine_is_installed()
        self.first_exchange()
        self.edits_on_central()
        self.edits_on_clinic()
        self.edits_on_both()
        self.update_of_tryton()
        self.life_goes_on()
        self.engine_is_removed()

    def two_sites_at_work(self):
        """Before Doctorbird: the same reference data and other people on each side."""
        check, central, clinic = self.tally.check, self.central, self.clinic
        tryton_data.work_before_on_central(central)
        tryton_data.work_before_on_clinic(clinic)
        self.before = {tryton.site: content(tryton, MODELS) for tryton in self.sites}
        count = sum(len(rows) for rows in self.before["clinic"]["party.party"].values())
        check("the clinic's Tryton made 25 parties", count == 25, count)
        known = (("country.country", "JM"), ("country.subdivision", "JM-01"), ("ir.lang", "ht"))
        check(
            "the two sites gave the same reference data other ids",
            all(central.find(m, ("code", "=", c)) != clinic.find(m, ("code", "=", c)) for m, c in known),
        )
        self.tally.equal(
            "that reference data is otherwise equal",
            differences(content(clinic, REFERENCE_MODELS), content(central, REFERENCE_MODELS)),
        )
        ids = [{row["id"] for row in tryton.read_all("party.party", ["code"])} for tryton in self.sites]
        check("some ids mean one party on the clinic and another on central", ids[0] & ids[1])

    def engine_is_installed(self):
        lacks, errors = self.doctorbird.first_plan()
        self.tally.equal("the plan that init writes for central's Tryton has what this test's plan has", lacks)
        self.tally.equal("plan check finds no error in the plan that init wrote", errors)
        self.doctorbird.set_up()
        for tryton in self.sites:
            site = tryton.site
            answer = self.psql.one(
                site,
                f"select has_schema_privilege('tryton_{site}', 'doctorbird', 'usage, create') or exists"
                f" (select from pg_tables where schemaname = 'public' and tableowner = 'doctorbird_{site}')",
            )
            self.tally.check(
                f"{site}: Tryton's role has no right on the engine's schema, the engine's role owns no table of Tryton's",
                answer == "f",
            )

    def first_exchange(self):
        central, clinic = self.sites
        self.doctorbird.sync("first")
        for here, there in ((clinic, central), (central, clinic)):
            self.tally.equal(
                f"everything {here.site} had is on {there.site}, equal in every field",
                missing(self.before[here.site], content(there, MODELS)),
            )
        self.same_on_both("after the first exchange")
        self.local_marks_hold("after the first exchange")
        marks = versions(central), versions(clinic)
        self.doctorbird.sync("idle")
        self.tally.check(
            "an exchange with nothing to do touches no record", marks == (versions(central), versions(clinic))
        )

    def edits_on_central(self):
        """Central edits what the clinic made; the clinic has forms open meanwhile."""
        clinic = self.clinic
        edited = clinic.find("party.party", ("code", "=", "K1"))
        untouched = clinic.find("party.party", ("code", "=", "K9"))
        stale, still_good = form(clinic, "party.party", edited), form(clinic, "party.party", untouched)
        self.shown_by(clinic, tryton_data.edit_on_central(self.central), "after edits on central")
        self.same_on_both("after edits on central")
        self.tally.check(
            "a form opened on the clinic before central's edit came cannot overwrite it (fault 4)",
            clinic.fault("party.party", "write", [edited], {"name": "stale"}, **stale) == 4,
        )
        self.tally.check(
            "a form opened on a party that nobody edited saves",
            clinic.fault("party.party", "write", [untouched], {"name": "From an old form"}, **still_good) is None,
        )
        fresh = form(clinic, "party.party", edited)
        self.tally.check(
            "a form opened after the exchange saves",
            clinic.fault("party.party", "write", [edited], {"name": "From a new form"}, **fresh) is None,
        )

    def edits_on_clinic(self):
        central = self.central
        edited = central.find("party.party", ("code", "=", "K3"))
        stale = form(central, "party.party", edited)
        self.shown_by(central, tryton_data.edit_on_clinic(self.clinic), "after edits on the clinic")
        tryton_data.delete_on_central_too(central)
        self.same_on_both("after edits on the clinic, once central deleted what the clinic had")
        self.tally.check(
            "a form opened on central before the clinic's edit came cannot overwrite it (fault 4)",
            central.fault("party.party", "write", [edited], {"name": "stale"}, **stale) == 4,
        )

    def edits_on_both(self):
        tryton_data.edit_other_fields_of_one_address(*self.sites)
        self.doctorbird.sync("both-edited")
        self.tally.equal(
            "edits of two fields of one address, one on each side, are both on both sides",
            [sentence for tryton in self.sites for sentence in tryton_data.unmerged(tryton)],
        )
        self.same_on_both("after edits on both sides")

    def update_of_tryton(self):
        self.tally.check("Tryton's module update runs on the clinic's database with the engine in it", update_modules())
        tryton_data.edit_after_update(self.clinic)
        self.doctorbird.sync("after-update")
        self.same_on_both("after an update of Tryton and one more edit")

    def life_goes_on(self):
        for tryton in self.sites:
            trouble = tryton_data.create_afterwards(tryton)
            self.tally.equal(f"{tryton.site}'s Tryton still creates, edits, copies and deletes", trouble)
        self.doctorbird.sync("made-afterwards")
        self.same_on_both("after new records on both sides")
        self.local_marks_hold("at the end")
        for tryton in self.sites:
            left = self.doctorbird.left_to_do(tryton.site)
            self.tally.equal(f"{tryton.site}'s status says that all is well and nothing waits", left)

    def engine_is_removed(self):
        self.doctorbird.stop()
        for tryton in self.sites:
            self.doctorbird.uninstall(tryton.site)
            left = self.psql.one(
                tryton.site,
                "select (select count(*) from pg_namespace where nspname = 'doctorbird')"
                " + (select count(*) from pg_trigger where not tgisinternal)"
                " + (select count(*) from pg_proc where pronamespace = 'public'::regnamespace)"
                " + (select count(*) from pg_extension where extname <> 'plpgsql')",
            )
            self.tally.check(f"uninstall leaves no trace in {tryton.site}'s database", left == "0", left)
            self.tally.equal(
                f"{tryton.site}'s Tryton works without the engine", tryton_data.create_afterwards(tryton)
            )

    def shown_by(self, tryton, expectations, when):
        """Synchronises, then checks what this site shows now."""
        self.doctorbird.sync(when.replace(" ", "-"))
        for sentence, holds in expectations:
            try:
                shown = holds(tryton)
            except LookupError as error:
                shown, sentence = False, f"{sentence} ({error})"
            self.tally.check(f"{tryton.site} shows {sentence}", shown)

    def same_on_both(self, when):
        central, clinic = self.sites
        self.tally.equal(
            f"clinic and central show the same in every field {when}",
            differences(content(clinic, MODELS), content(central, MODELS)),
        )

    def local_marks_hold(self, when):
        """Checks that Tryton can show who wrote each record: it cannot if that user exists on the other site only."""
        for tryton in self.sites:
            trouble = [sentence for model in MODELS for sentence in unmarked(tryton, model)]
            self.tally.equal(f"{tryton.site} shows who created and wrote each record {when}", trouble)


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
        central = tryton_data.prepare(central, "central", Tryton)
        clinic = tryton_data.prepare(clinic, "clinic", Tryton)
        Story(tally, central, clinic, Psql(os.environ["TRYTON_PSQL"]), doctorbird).run()
    except NotRun as reason:
        tally.check("Doctorbird does its part", False, reason)
    except Exception as error:
        tally.check("the test runs to its end", False, f"{type(error).__name__}: {error}")
        traceback.print_exc()
    finally:
        doctorbird.stop()
    print(
        f"tryton: {tally.passed} passed, {tally.failed} failed ({time.monotonic() - began:.0f} s,"
        f" {doctorbird.starts} commands in {doctorbird.seconds:.0f} s)"
    )
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
