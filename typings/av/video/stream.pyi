from av import Packet, VideoFrame

class _Context:
    name: str
    thread_count: int

class VideoStream:
    codec_context: _Context
    duration: int | None
    width: int
    height: int
    pix_fmt: str
    def encode(self, frame: VideoFrame | None = ...) -> list[Packet]: ...
