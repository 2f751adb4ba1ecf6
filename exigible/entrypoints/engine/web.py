"""The web application with the background thread beside it: what `exigible serve` runs over the embedded database."""

from exigible.wsgi import application as application  # first: it sets Django up

from exigible.common.clock import now  # isort: skip
from exigible.entrypoints.engine.embedded import Engine  # isort: skip
from exigible.entrypoints.engine.tuning import settle_down  # isort: skip

Engine().start()
settle_down(now().date())
