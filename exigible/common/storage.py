"""Static files by their hashed names once `collectstatic` ran, and by their plain names before."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names may be kept by browsers for ever; a file not collected yet is served by whitenoise's finders."""

    def stored_name(self, name: str) -> Any:
        """Return the hashed name if the manifest knows the file, else the plain one."""
        return self.hashed_files.get(self.hash_key(self.clean_name(name)), name)
