"""Films for tests that really play, encoded here."""

from __future__ import annotations

import io

import av
from PIL import Image


def real(width: int = 640, height: int = 360, *, black: int = 0, length: int = 40) -> bytes:
    """A film that plays, ten pictures a second, its table at the end: its left half red, the right one blue, after so
    many pictures of black."""
    out = io.BytesIO()
    shown = Image.new("RGB", (width, height), (230, 20, 20))
    shown.paste(Image.new("RGB", (width - width // 2, height), (20, 20, 230)), (width // 2, 0))
    with av.open(out, "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(length):
            image = Image.new("RGB", (width, height)) if number < black else shown
            film.mux(stream.encode(av.VideoFrame.from_image(image)))
        film.mux(stream.encode())
    return out.getvalue()
