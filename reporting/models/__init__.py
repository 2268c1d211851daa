from reporting.models.pack import Pack, PackRendition
from reporting.models.snapshot import Snapshot

__all__ = ["Pack", "PackRendition", "Snapshot"]
