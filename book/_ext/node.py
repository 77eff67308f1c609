"""One Node process that answers a line of JSON with a line of JSON, for the whole build."""

import json
import shutil
from subprocess import PIPE, Popen

from sphinx.errors import ExtensionError


class Node:
    """`node ARGUMENTS`, kept running. needs: a path of node_modules that must be there."""

    def __init__(self, needs, *arguments):
        if not needs.exists():
            raise ExtensionError(f"{needs} does not exist: `make book` installs it, or run `npm ci`")
        if not shutil.which("node"):
            raise ExtensionError("node was not found: the site is built with Node.js")
        self.process = Popen(["node", *map(str, arguments)], stdin=PIPE, stdout=PIPE, text=True, encoding="utf-8")

    def ask(self, question):
        """The answer as a dict. Raises ValueError with Node's reason when it answers with an error."""
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline() or '{"error": "Node ended without an answer"}')
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
