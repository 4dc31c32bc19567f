"""An answer's body: decompressed piece by piece and never beyond its cap, however small it came over the wire."""

import zlib

import httpx

from core.http.errors import BadAnswer, TooLarge

ACCEPTED = "gzip, deflate"
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_RAW_DEFLATE = -zlib.MAX_WBITS


class Body:
    """Collects what arrives; with `truncate` it stops at `cap` bytes, without it more than that is TooLarge."""

    def __init__(self, headers: httpx.Headers, *, cap: int, truncate: bool, shown: str) -> None:
        self._cap, self._truncate, self._shown = cap, truncate, shown
        self._parts: list[bytes] = []
        self._size = 0
        self.truncated = False
        self._decoder = _decoder_for(headers, shown)
        if self._decoder is None and not truncate and _announced(headers) > cap:
            raise self._too_large()

    def add(self, raw: bytes) -> bool:
        """Take a piece as it came over the wire; True when nothing more is wanted."""
        room = self._cap - self._size + 1  # one more than allowed shows that there is more
        piece = raw[:room] if self._decoder is None else self._decoder.feed(raw, room)
        self._size += len(piece)
        self._parts.append(piece)
        if self._size <= self._cap:
            return False
        if not self._truncate:
            raise self._too_large()
        self.truncated = True
        return True

    def finish(self) -> bytes:
        """The whole body; BadAnswer where its compressed form broke off."""
        if self._decoder is not None and not self.truncated and not self._decoder.complete:
            raise BadAnswer(f"{self._shown}: the compressed answer breaks off")
        return b"".join(self._parts)[: self._cap]

    def _too_large(self) -> TooLarge:
        return TooLarge(f"{self._shown}: the answer is larger than {self._cap} bytes")


class _Inflater:
    """gzip (several members too), zlib or raw deflate with a bound on what one call gives out."""

    def __init__(self, shown: str) -> None:
        self._shown = shown
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._begun = False

    @property
    def complete(self) -> bool:
        return self._stream.eof or not self._begun

    def feed(self, raw: bytes, room: int) -> bytes:
        """At most `room` decompressed bytes; input beyond that is dropped, as the caller stops there anyway."""
        out = b""
        while raw and len(out) < room:
            out += self._inflate(raw, room - len(out))
            raw = self._stream.unused_data
            if raw[:1] == b"\x1f":
                self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
            elif self._stream.eof:
                break  # padding after the end
        return out

    def _inflate(self, raw: bytes, room: int) -> bytes:
        first, self._begun = not self._begun, True
        try:
            return self._stream.decompress(raw, room)
        except zlib.error as error:
            if not first:
                raise BadAnswer(f"{self._shown}: the compressed answer is broken: {error}") from error
        self._stream = zlib.decompressobj(_RAW_DEFLATE)  # "deflate" without its zlib header, as some servers send
        return self._inflate(raw, room)


def _decoder_for(headers: httpx.Headers, shown: str) -> _Inflater | None:
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in {"", "identity"}:
        return None
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return _Inflater(shown)
    # Nested encodings are what bombs are made of, and the others were not asked for.
    raise BadAnswer(f"{shown}: content encoding {encoding[:40]!r} was not asked for")


def _announced(headers: httpx.Headers) -> int:
    text = headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else 0
