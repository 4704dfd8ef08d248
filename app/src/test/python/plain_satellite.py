"""A satellite in plain Python: python3 plain_satellite.py URL LOGIN PASSWORD MODEL STORE.json

Brings the records of one model, kept in a file by uid, in step with central; see docs/protocol.md. To make a record, give it
{"values": {...}} under a new uuid; to change one, change its values; to delete one, set "deleted" to true. Run it again.
"""
import base64, datetime, json, os, sys, xmlrpc.client

url, login, password, model, path = sys.argv[1:6]
records = json.load(open(path, encoding="utf-8")) if os.path.exists(path) else {}
user, key = xmlrpc.client.ServerProxy(url).common.db.login(login, {"password": password}, "en")
token = base64.b64encode(f"{login}:{user}:{key}".encode()).decode()
central = xmlrpc.client.ServerProxy(url, headers=[("Authorization", "Session " + token)], allow_none=True,
                                    use_builtin_types=True)

def call(method, *arguments):
    return getattr(central, f"model.{model}.{method}")(*arguments, {"synchronisation_id": user})

def save():
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(records, file, indent=1, sort_keys=True), file.flush(), os.fsync(file.fileno())
    os.replace(path + ".new", path)

def to_wire(value):  # XML cannot carry every character, and Python's client no long integers
    if isinstance(value, str) and any(c < " " and c not in "\t\n" or c in "\ufffe\uffff" for c in value):
        return {"__class__": "text", "base64": value.encode()}
    return str(value) if type(value) is int and abs(value) >= 2**31 else value

def to_store(value):  # JSON has no bytes and no moments
    if isinstance(value, dict) and value.get("__class__") == "text":
        return value["base64"].decode()
    value = "\\x" + value.hex() if isinstance(value, bytes) else value
    return str(value) if isinstance(value, datetime.datetime) else value

def keep(sent):  # takes over a version that central sent: "base" remembers it, so that changes can be told
    values = {name: to_store(value) for name, value in sent["values"].items()}
    revision = records.pop(sent["uid"], {}).get("revision", 0)
    if not sent["deleted"]:
        records[sent["uid"]] = {"values": values, "base": dict(values), "etag": sent["timestamp"], "revision": revision}

def change(record):  # what is to be pushed; None if the record is in step
    base = record.get("base", {})
    values = {name: value for name, value in record["values"].items() if name not in base or base[name] != value}
    return {} if record.get("deleted") else values if values or not record.get("etag") else None

def push():
    waiting = {uid: change(record) for uid, record in sorted(records.items()) if change(record) is not None}
    for uid, values in waiting.items():  # one number for one change, however often it is sent
        record, sent = records[uid], [values, records[uid].get("deleted", False)]
        record.update(revision=record.get("revision", 0) + (record.get("sent") != sent), sent=sent)
        waiting[uid] = {"uid": uid, "revision": record["revision"], "deleted": sent[1], "base_etag": record.get("etag"),
                        "values": {name: to_wire(value) for name, value in values.items()}}
    save()
    for at in range(0, len(waiting), 500):
        for answer in call("synchronise_push", list(waiting.values())[at:at + 500]):
            record = records[answer["uid"]]
            if answer["outcome"] in ("accepted", "merged", "superseded"):
                keep({**record, "deleted": record.get("deleted"), **answer})
            elif answer["outcome"] == "whole":
                record.update(base={}, etag=None)  # the next run pushes it whole
            else:
                print(answer["uid"], answer["outcome"], answer.get("code", ""), answer.get("reason", ""))

def pull():
    known = [[uid, record["etag"]] for uid, record in sorted(records.items()) if change(record) is None]
    for at in range(0, len(known), 500):
        list(map(keep, call("synchronise_pull", known[at:at + 500])))

def new():
    while sent := call("synchronise_new"):
        for record in sent:
            if change(records.get(record["uid"], {"values": {}, "etag": "none"})) is None:
                keep(record)
        save()  # a receipt is a promise: first durable, then acknowledged; a changed one comes again with the next run
        if not call("synchronise_acknowledge", [[record["uid"], record["timestamp"]] for record in sent]): break

push(), save(), pull(), save(), new(), save()
