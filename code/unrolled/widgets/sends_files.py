"""For pictures that need more than a trait should hold, such as trained weights."""


class SendsFiles:
    """Comes before a class of living pictures. `files`, {name: function that makes it}, are sent when asked for."""

    def __init__(self, **settings):
        super().__init__(**settings)
        self.on_msg(self._answer)

    def _answer(self, _, content, buffers):
        name = content.get("name") if content.get("type") == "file" else None
        if name in self.files:
            self.send({"type": "file", "name": name, "file": self.files[name]()})
