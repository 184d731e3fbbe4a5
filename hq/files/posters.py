"""The picture that stands for a film: one of its own, decoded. Only a worker runs this, and only on what `films` read.

FFmpeg's decoder of H.264 sees the file; its other codecs and protocols are not asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import av
from av.container import InputContainer
from av.video.stream import VideoStream
from PIL import Image, ImageStat

from guide_app.domain.errors import Refused
from hq.files.pictures import Rendering, in_sizes

_PLACES = (0.1, 0.35, 0.6, 0.0)
"""Parts of the film at which a picture is looked for, until one shows something."""
_MOST_FRAMES = 300
"""Decoded after a place before its picture is given up: two key frames lie at most ten seconds apart."""
_SHOWS = 6.0
"""The least spread of brightness, of 255, of a picture that shows something."""
_OPTIONS = {"enable_drefs": "0", "use_absolute_path": "0", "protocol_whitelist": "file"}


def drawn(source: BinaryIO, sides: Sequence[int]) -> tuple[Rendering, ...]:
    """A picture of the film, turned as it is played, in these sizes. Raises Refused("film_undecodable")."""
    try:
        with av.open(source, "r", format="mov", options=_OPTIONS) as film:
            return in_sizes(_chosen(film), sides)
    except (av.FFmpegError, ValueError, IndexError, OSError, RuntimeError) as error:
        raise Refused("film_undecodable", type(error).__name__) from error


def _chosen(film: InputContainer) -> Image.Image:
    stream = film.streams.video[0]
    if stream.codec_context.name != "h264":
        raise Refused("film_undecodable", "codec")
    stream.codec_context.thread_count = 1
    found = list[Image.Image]()
    for image in _looked_for(film, stream):
        if ImageStat.Stat(image.convert("L")).stddev[0] >= _SHOWS:
            return image
        found.append(image)
    if not found:
        raise Refused("film_undecodable", "no picture")
    return found[0]


def _looked_for(film: InputContainer, stream: VideoStream) -> Iterator[Image.Image]:
    """A picture at each of the places. A place at which none can be read has none."""
    length = stream.duration or 0
    for part in _PLACES:
        wanted = int(length * part)
        try:
            film.seek(wanted, stream=stream)
            for count, frame in enumerate(film.decode(stream)):
                if count >= _MOST_FRAMES or frame.pts is None or frame.pts >= wanted:
                    yield frame.to_image().rotate(frame.rotation, expand=True)
                    break
        except av.FFmpegError:
            continue
