from reporting.models.correction import Correction
from reporting.models.pack import Pack, PackRendition
from reporting.models.proof import FragmentProof
from reporting.models.recipient import PackDownload, PackRecipient
from reporting.models.snapshot import Snapshot

__all__ = [
    "Correction",
    "FragmentProof",
    "Pack",
    "PackDownload",
    "PackRecipient",
    "PackRendition",
    "Snapshot",
]
