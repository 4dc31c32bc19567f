"""What a folder would give: looked at before it is watched."""

from functools import partial

from core.settings import settings
from ingest.discover import FIRST_WORDS, Candidate, Discovery, Sample
from ingest.draft import Draft
from ingest.files import folder, opened
from ingest.files.read import Manner, Reader, pieces

_SHOWN = 5


def look(url: str, reader: Reader) -> Discovery:
    """The folder as the one candidate, an empty one too; Outside where it is not open."""
    path = opened.folder(url, settings().folders)
    manner = Manner(reader=reader, opener=partial(opened.open_within, opened=settings().folders))
    samples: list[Sample] = []
    others: list[tuple[str, str]] = []
    for found in folder.first_files(path, _SHOWN):
        piece = next(pieces(found, manner))
        samples += [_sample(draft) for draft in piece.drafts[: _SHOWN - len(samples)]]
        others += piece.problems
    how = "the folder itself" if samples else "the folder itself, where nothing lies yet"
    candidate = Candidate(folder.KIND, url, path.name or str(path), how, len(samples), tuple(samples))
    return Discovery((candidate,), tuple(others))


def _sample(draft: Draft) -> Sample:
    return Sample(draft.title, draft.url, draft.published, " ".join(draft.text[:400].split())[:FIRST_WORDS])
