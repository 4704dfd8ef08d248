"""The `doctorbird` program as the Tryton test uses it: the one place that knows its command line and settings."""

import os
import subprocess


class NotRun(Exception):
    """Doctorbird could not do what the test asked; the message says what, in one sentence."""


class Doctorbird:
    """Central and the clinic under Doctorbird: central serves, the clinic is synchronised by hand.

    Every method raises [NotRun] if the program is not there or ends with another exit code than 0.
    """

    def __init__(self, program, directory, database_port, engine_port):
        self.program = program
        self.directory = directory
        self.database_port = database_port
        self.engine_port = engine_port
        self.serving = None

    def set_up(self):
        """Installs the engine in both databases, enrols the clinic and starts central's server."""
        if not os.access(self.program, os.X_OK):
            raise NotRun("there is no Doctorbird to test yet; nothing was synchronised")
        raise NotRun("this test does not call Doctorbird yet; nothing was synchronised")

    def sync(self, log_name):
        """Runs one whole exchange of the clinic with central in the foreground."""
        raise NotRun("this test does not call Doctorbird yet; nothing was synchronised")

    def uninstall(self, site):
        """Removes the engine from one database."""
        raise NotRun("this test does not call Doctorbird yet; nothing was synchronised")

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
