"""Says where the book lives: the launch buttons (Colab, Binder), the previews and the sitemap of a fork name the fork.

The theme and two extensions make the links; this sets the repository and the site they use: those of the git remote
`origin` when it is on GitHub, else of `repository:` in `_config.yml`.
"""

import re
import subprocess
from html import escape
from pathlib import Path

import yaml

GITHUB = re.compile(r"(?:https?://(?:[^@/]+@)?|ssh://git@|git@)github\.com[/:]([^/\s]+)/([^/\s]+?)(?:\.git)?/?")


def repository(config, repo_root):
    """Where the book lives on GitHub: (organisation, repository, branch).

    config: `_config.yml` as a path or as its text. repo_root: the checkout whose remote `origin` is asked first.
    Raises ValueError when neither names a GitHub repository.
    """
    text = config.read_text(encoding="utf-8") if isinstance(config, Path) else config
    setting = yaml.safe_load(text)["repository"]
    for url in (origin(repo_root), setting["url"]):
        if match := GITHUB.fullmatch(url):
            return match[1], match[2], setting.get("branch", "main")
    raise ValueError(f"repository.url in _config.yml: expected https://github.com/ORG/NAME, got {setting['url']!r}")


def origin(repo_root):
    """The URL of the git remote `origin`; empty when there is none (a downloaded archive, or no git)."""
    command = ["git", "-C", str(repo_root), "config", "--get", "remote.origin.url"]
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    except FileNotFoundError:
        return ""


def site(organisation, name):
    """The address at which GitHub Pages publishes this repository, with a slash at its end."""
    host = f"{organisation.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def set_repository(app, config):
    book = Path(app.srcdir)
    organisation, name, branch = repository(book / "_config.yml", book.parent)
    config.html_theme_options["repository_url"] = f"https://github.com/{organisation}/{name}"
    config.html_theme_options["repository_branch"] = branch
    config.html_baseurl = config.ogp_site_url = site(organisation, name)


def add_row(app, pagename, templatename, context, doctree):
    """Puts the theme's links in sight under a chapter's title; its own menu of them opens on hover only."""
    groups = {group.get("label"): group["buttons"] for group in context.get("header_buttons", []) if "buttons" in group}
    if "launch-buttons" not in groups:
        return
    links = [(f"Open in {each['text']}", each["url"]) for each in groups["launch-buttons"]]
    links += [("Download the notebook", each["url"]) for each in groups["download-buttons"] if each["text"] == ".ipynb"]
    row = "".join(f'<a href="{escape(url)}">{text}</a>' for text, url in links)
    context["body"] = context["body"].replace("</h1>", f'</h1><p class="launch-row">{row}</p>', 1)


def setup(app):
    app.connect("config-inited", set_repository)
    app.connect("html-page-context", add_row, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
