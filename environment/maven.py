"""Maven, started through its wrapper. Maven itself follows the user's settings; here the wrapper,
which fetches Maven and knows nothing of them, learns the mirror and the proxy, and both get a place
to write."""
from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import jdk
from project import Project, user_home, writable

CENTRAL = "central"


def command(project: Project, java: jdk.Java, environ: Mapping[str, str] = os.environ) -> list[str]:
    """`sh` starts the wrapper even where unpacking a zip lost its executable bit."""
    wrapper = (
        [str(project.root / "mvnw.cmd")] if os.name == "nt" else ["sh", str(project.root / "mvnw")]
    )
    return [*wrapper, "--batch-mode", "--no-transfer-progress", *repository(project, java, environ)]


def environment(
    project: Project, java: jdk.Java, environ: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """What the wrapper needs to know, beyond what the user has set."""
    settings = Settings.of(java, environ)
    found = {**settings.mirror(), **settings.proxy()}
    if "MAVEN_USER_HOME" not in environ and not writable(user_home() / ".m2" / "wrapper" / "dists"):
        found["MAVEN_USER_HOME"] = str(project.state / "maven")
    given = {name.lower() for name in environ}
    return {name: value for name, value in found.items() if name.lower() not in given}


def repository(project: Project, java: jdk.Java, environ: Mapping[str, str]) -> list[str]:
    """Options for a local repository of ours, where the user's cannot be written; what it holds
    is used all the same."""
    options = environ.get("MAVEN_OPTS", "") + environ.get("MAVEN_ARGS", "")
    users = java.user_home / ".m2" / "repository"
    own = "maven.repo.local" in options or Settings.of(java, environ).names_a_repository()
    if own or writable(users):
        return []
    ours = [f"-Dmaven.repo.local={project.state / 'maven' / 'repository'}"]
    return ours + ([f"-Dmaven.repo.local.tail={users}"] if users.is_dir() else [])


class Settings:
    """The user's settings.xml, as far as the wrapper has to follow it."""

    def __init__(self, root: ElementTree.Element):
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]  # some write the namespace, some do not
        self._root = root

    @staticmethod
    def of(java: jdk.Java, environ: Mapping[str, str]) -> Settings:
        file = java.user_home / ".m2" / "settings.xml"
        words = shlex.split(environ.get("MAVEN_ARGS", "")) if os.name != "nt" else []
        for option, value in zip(words, words[1:]):
            if option in ("-s", "--settings"):
                file = Path(value)
        try:
            return Settings(ElementTree.parse(file).getroot())
        except (OSError, ElementTree.ParseError):  # Maven says what is wrong with it
            return Settings(ElementTree.Element("settings"))

    def names_a_repository(self) -> bool:
        return bool(self._root.findtext("localRepository", "").strip())

    def mirror(self) -> dict[str, str]:
        """Where Maven Central is taken from, if not from itself."""
        for mirror in self._root.findall("mirrors/mirror"):
            if mirrors_central(mirror.findtext("mirrorOf", "")):
                return self._repository(mirror)
        for repository in self._root.iterfind("profiles/profile/repositories/repository"):
            if repository.findtext("id") == CENTRAL:
                return self._repository(repository)
        return {}

    def _repository(self, element: ElementTree.Element) -> dict[str, str]:
        found = {"MVNW_REPOURL": element.findtext("url", "").strip().rstrip("/")}
        for server in self._root.findall("servers/server"):
            if server.findtext("id") == element.findtext("id") and server.findtext("password"):
                found["MVNW_USERNAME"] = server.findtext("username", "")
                found["MVNW_PASSWORD"] = server.findtext("password", "")
        return found if found["MVNW_REPOURL"] else {}

    def proxy(self) -> dict[str, str]:
        """The active one, as programs such as curl take it."""
        for proxy in self._root.findall("proxies/proxy"):
            if proxy.findtext("active", "true").strip() != "false":
                url = f"http://{login(proxy)}{proxy.findtext('host')}:{proxy.findtext('port', '8080')}"
                hosts = proxy.findtext("nonProxyHosts", "").replace("*", "").replace("|", ",")
                return {"http_proxy": url, "https_proxy": url, **({"no_proxy": hosts} if hosts else {})}
        return {}


def mirrors_central(pattern: str) -> bool:
    parts = [part.strip() for part in pattern.split(",")]
    return f"!{CENTRAL}" not in parts and not {CENTRAL, "*", "external:*"}.isdisjoint(parts)


def login(proxy: ElementTree.Element) -> str:
    name, password = (proxy.findtext(tag, "") for tag in ("username", "password"))
    return f"{quote(name, safe='')}:{quote(password, safe='')}@" if name else ""
