"""Files of the project to which the documentation links, though they lie outside docs/, go into the site as they are.

On the code host such a link leads to the file itself. In the site it would lead nowhere: so the files that pages name
go along, and a link to one that is not there stays what it is, an error of the build. A hook of mkdocs (mkdocs.yml).
"""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel

_LINK = re.compile(r"\]\(((?:\.\./)+[^)#\s]+)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files beyond docs/ to which pages link, under `beyond/`."""
    docs = Path(config.docs_dir)
    for page in files.documentation_pages():
        for link in _LINK.findall(page.content_string):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(page.src_uri), link))
            if path.startswith("../") and (docs / path).is_file() and path not in files.src_uris:
                added = File.generated(config, path, abs_src_path=str(docs / path), inclusion=InclusionLevel.NOT_IN_NAV)
                added.dest_uri = f"beyond/{path.removeprefix('../')}"
                files.append(added)
    return files
