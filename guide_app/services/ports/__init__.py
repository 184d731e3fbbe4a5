"""What the use cases need from the outside, as Protocols; `bootstrap` binds them to the store, the engine and adapters.

Reads are local and never wait for the network; they run off the UI thread, hence ``async``. Writes are operations.
"""
