"""The `doctorbird` program as the Tryton test uses it: the one place that knows its command line and settings."""

import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request

PLAN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tryton_plan.toml")
COMMAND_SECONDS = 300  # the first command may have to build the program
START_SECONDS = 120

SETTINGS = """\
role = "{role}"

[database]
url = "jdbc:postgresql://127.0.0.1:{database_port}/{site}"
user = "doctorbird_{site}"
password_file = "{site}.engine-password"
"""
CENTRAL = """
[plan]
file = "plan.toml"

[http]
listen = "127.0.0.1:{engine_port}"
database = "central"
"""
CLINIC = """
[central]
url = "http://127.0.0.1:{engine_port}/central/"
login = "clinic"
password_file = "clinic.central-password"
"""


def tables(plan):
    """Returns {table: (mode, unique_id_column)} of a plan file with one simple key in a line."""
    with open(plan, encoding="utf-8") as file:
        models = [dict(re.findall(r'^(\w+) = "(.*)"$', part, re.M)) for part in file.read().split("[[model]]")[1:]]
    return {model["table"]: (model["mode"], model.get("unique_id_column")) for model in models}


class NotRun(Exception):
    """Doctorbird could not do what the test asked; the message says what, in one sentence."""


class Doctorbird:
    """Central and the clinic under Doctorbird: central serves, the clinic is synchronised by hand.

    Every method raises [NotRun] if the program is not there or ends with another exit code than the method expects.
    What the program says is kept in `doctorbird-*.log` in the directory.
    """

    def __init__(self, program, directory, database_port, engine_port):
        self.program = program
        self.directory = directory
        self.ports = {"database_port": database_port, "engine_port": engine_port}
        self.serving = None
        self.seconds = 0.0
        self.starts = 0

    def first_plan(self):
        """Has `init` write a plan for central's database and `plan check` read it.

        Returns what the test's plan has and that plan has not, and the errors found in it, in sentences.
        """
        if not os.access(self.program, os.X_OK):
            raise NotRun("there is no Doctorbird to test")
        for site, role, rest in (("central", "central", CENTRAL), ("clinic", "satellite", CLINIC)):
            with open(self._file(site + ".toml"), "w", encoding="utf-8") as file:
                file.write((SETTINGS + rest).format(site=site, role=role, **self.ports))
        self._run("init", "central", "init")
        wanted, made = tables(PLAN), tables(self._file("plan.toml"))
        checked = self._run("plan-check", "central", "plan", "check", "--json", allowed=(0, 1, 3))
        findings = json.loads(checked)["findings"]
        return (
            [f"{table}: {made.get(table)} instead of {use}" for table, use in wanted.items() if made.get(table) != use],
            [f"{finding['model']}: {finding['sentence']}" for finding in findings if finding["severity"] == "ERROR"],
        )

    def set_up(self):
        """Installs the engine in both databases by the test's plan, enrols the clinic and starts central's server."""
        shutil.copy(PLAN, self._file("plan.toml"))
        self._run("central-install", "central", "install")
        password_file = self._file("clinic.central-password")
        self._run("instance-add", "central", "instance", "add", "clinic", "--password-out", password_file)
        self._serve()
        self._run("clinic-install", "clinic", "install")

    def sync(self, log_name):
        """Runs one whole exchange of the clinic with central in the foreground."""
        self._run("sync-" + log_name, "clinic", "sync")

    def left_to_do(self, site):
        """Returns what `status` says that is not as it should be when all is exchanged, in sentences."""
        status = json.loads(self._run(site + "-status", site, "status", "--json"))
        return status["advice"] + [
            f"{model['model']}: {model[count]} {count}"
            for model in status["models"]
            for count in ("waiting", "held", "parked", "quarantined", "conflicts", "refused")
            if model[count]
        ]

    def uninstall(self, site):
        """Removes the engine from one database."""
        self._run(site + "-uninstall", site, "uninstall", "--yes")

    def stop(self):
        """Ends central's server, by its process id; may be called twice."""
        if self.serving is None:
            return
        self.serving.terminate()
        try:
            self.serving.wait(20)
        except subprocess.TimeoutExpired:
            self.serving.kill()
            self.serving.wait()
        self.serving = None

    def _file(self, name):
        return os.path.join(self.directory, name)

    def _command(self, site, *arguments):
        return [self.program, *arguments, "--config", self._file(site + ".toml")]

    def _run(self, log_name, site, *arguments, allowed=(0,)):
        """Runs one command to its end; returns what it printed."""
        began = time.monotonic()
        log = self._file(f"doctorbird-{log_name}.log")
        try:
            with open(log, "wb") as errors:
                done = subprocess.run(
                    self._command(site, *arguments),
                    cwd=self.directory,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    timeout=COMMAND_SECONDS,
                )
                errors.write(done.stdout)
        except subprocess.TimeoutExpired:
            raise NotRun(f"'doctorbird {arguments[0]}' on {site} took more than {COMMAND_SECONDS} s") from None
        self.seconds += time.monotonic() - began
        self.starts += 1
        if done.returncode not in allowed:
            ended = f"'doctorbird {arguments[0]}' on {site} ended with {done.returncode}"
            raise NotRun(f"{ended}, see doctorbird-{log_name}.log")
        return done.stdout.decode()

    def _serve(self):
        with open(self._file("doctorbird-serve.log"), "wb") as log:
            self.serving = subprocess.Popen(
                self._command("central", "serve"), cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.serving.poll() is not None:
                raise NotRun(f"central's server ended with {self.serving.returncode}, see doctorbird-serve.log")
            if time.monotonic() > until:
                raise NotRun(f"central's server did not answer within {START_SECONDS} s")
            time.sleep(0.2)

    def _answers(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['engine_port']}/health", timeout=5) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False
