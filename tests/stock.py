"""What stock nbconvert's pages ask the network for, answered by this machine.

`jupyter nbconvert --to slides` itself is the stock one; its page loads the rest from CDNs:

| asked for | REAL | STANDING_IN |
|---|---|---|
| reveal.js 4.0.2, its notes and its theme | the same files, from npm | reveal.js 6 of the deck, and THEME |
| RequireJS 2.1.10 | the same file, from npm | REQUIRE |
| MathJax 2.7.7 | MATHJAX: formulas stay TeX | MATHJAX |
| jQuery 2.0.3 | nothing: only scrolling slides use it | nothing |
| mermaid, web fonts | nothing: there are no such cells; the system's fonts | nothing |
"""

import re

from abreast import assets

from tests.npm import package

REAL, STANDING_IN = "as on the network", "standing in"
PREFIX = "https://unpkg.com/reveal.js@4.0.2"
_REVEAL = (
    "reveal.js@4.0.2",
    "LWZSUenufF1gpD7npxJ7KfoQQFKgc1D6XrLTFgKlwWNP1BQ74hT48KONFWMAw+8R/QUeaScCLCLrBVHDfFIEiw==",
)
_REQUIRE = (
    "requirejs@2.1.10",
    "4JqdTihK3kOnT387LxCHuJZ/9QsKg2EIl7LmaW35PIyM4LwCI2jwyy4fy6pbY/ZZH2JoY/QEcb5PzULFPP6gcQ==",
)

REQUIRE = """
window.require = (...given) => {
  const then = given.pop(), loaded = (window.requireLoaded ??= {});
  const load = (address) => loaded[address] ??= new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src: address });
    script.onload = done; script.onerror = failed; document.head.append(script);
  });
  given.pop().reduce((before, address) => before.then(() => load(address)), Promise.resolve())
    .then(() => then(window.Reveal, window.RevealNotes));
};
"""
# What of a theme of reveal.js 4 could get in the way of columns: large type, centered, narrow code.
THEME = """
.reveal { font: 40px sans-serif; text-align: center }
.reveal h2 { font-size: 1.6em; margin: 0 0 20px; text-transform: uppercase }
.reveal pre { display: block; width: 90%; margin: 20px auto; font-size: .55em; line-height: 1.2;
  box-shadow: 0 5px 15px #0003 }
.reveal table { margin: auto; border-collapse: collapse; border-spacing: 0 }
.reveal table th, .reveal table td { text-align: left; padding: .2em .5em; border-bottom: 1px solid }
.reveal table tr:last-child td { border-bottom: none }
.reveal img { margin: 20px 0; max-width: 95%; max-height: 95% }
"""
MATHJAX = """
window.MathJax = { Hub: { getAllJax: () => [], Rerender() {}, Config() {}, Queue() {} } };
"""
MERMAID = "export default { initialize() {} };"


def answers(kind):
    """Return what answers a page's requests; raises npm.NotFetchedError without the real files."""
    folders = (package(*_REVEAL), package(*_REQUIRE)) if kind == REAL else None

    def answer(route):
        body, content_type = _answer(route.request.url.partition("?")[0], folders)
        if body is None:
            route.abort()
        else:
            # mermaid is a module, which pages load only from where they may.
            headers = {"content-type": content_type, "access-control-allow-origin": "*"}
            route.fulfill(body=body, headers=headers)

    return answer


def _answer(address, folders):
    script, style = "text/javascript", "text/css"
    if address.startswith(f"{PREFIX}/"):
        name = address.removeprefix(f"{PREFIX}/")
        kind = style if name.endswith(".css") else script
        return (_file(folders[0], name) if folders else _stand_in(name)), kind
    for pattern, body in (
        (r"/require(\.min)?\.js$", (folders[1] / "require.js").read_text() if folders else REQUIRE),
        (r"/mathjax/", MATHJAX),
        (r"/jquery", ""),
        (r"/mermaid", MERMAID),
    ):
        if re.search(pattern, address):
            return body, script
    return None, ""


def _file(folder, name):
    path = folder / name
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _stand_in(name):
    if name.startswith("dist/theme/"):
        return THEME
    known = {"plugin/notes/notes.js": "dist/plugin/notes.js"}
    wanted = known.get(name, name)
    return assets.npm_text("reveal.js", wanted)
