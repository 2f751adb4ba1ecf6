"""Which open items a bank movement pays: candidates with their reasons, and whether one may be applied without a person.

`clues(credit)` says what to gather, `Candidates` holds it, `propose` explains; docs/matching.md tells how sure it is.
"""

from exigible.core.matching.candidates import Candidates as Candidates
from exigible.core.matching.clues import Clues as Clues
from exigible.core.matching.clues import clues as clues
from exigible.core.matching.ladder import is_conclusive as is_conclusive
from exigible.core.matching.ladder import propose as propose
from exigible.core.matching.names import name_key as name_key
from exigible.core.matching.numbers import number_key as number_key
from exigible.core.matching.records import DOUBTS as DOUBTS
from exigible.core.matching.records import RULES as RULES
from exigible.core.matching.records import Cause as Cause
from exigible.core.matching.records import Credit as Credit
from exigible.core.matching.records import Debtor as Debtor
from exigible.core.matching.records import ItemKind as ItemKind
from exigible.core.matching.records import Match as Match
from exigible.core.matching.records import OpenItem as OpenItem
from exigible.core.matching.records import Rules as Rules
from exigible.core.matching.records import Share as Share
