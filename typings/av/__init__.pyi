from typing import BinaryIO, Literal, Self, overload

from PIL.Image import Image

from av.container import InputContainer, OutputContainer

class FFmpegError(OSError): ...

class Packet:
    def __bytes__(self) -> bytes: ...

class VideoFrame:
    pts: int | None
    rotation: int
    width: int
    @classmethod
    def from_image(cls, image: Image) -> Self: ...
    def to_image(self) -> Image: ...

@overload
def open(
    file: BinaryIO, mode: Literal["r"] = ..., *, format: str = ..., options: dict[str, str] = ...
) -> InputContainer: ...
@overload
def open(file: BinaryIO, mode: Literal["w"], *, format: str) -> OutputContainer: ...
