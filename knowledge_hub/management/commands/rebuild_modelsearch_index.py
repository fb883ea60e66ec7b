from modelsearch.backends import get_search_backend
from modelsearch.management.commands.rebuild_modelsearch_index import Command as ModelsearchCommand

from knowledge_hub.search.backend import SearchBackend
from knowledge_hub.search.repair import rebuild


class Command(ModelsearchCommand):
    """Replaces modelsearch's command: our indexes are rebuilt beside the live ones, without a long transaction."""

    help = "Rebuilds the search index. Searches and changes continue meanwhile."

    def update_backend(self, backend_name, schema_only=False, **kwargs):
        """Rebuild every index of one backend.

        Args:
            backend_name: its name in the settings.
            schema_only: leave the indexes empty.
        """
        backend = get_search_backend(backend_name)
        if not isinstance(backend, SearchBackend):
            super().update_backend(backend_name, schema_only=schema_only, **kwargs)
            return
        for index in backend.all_indexes():
            if schema_only:
                index.reset()
                self.write(f"{backend_name}: {index} is empty")
            else:
                self.write(f"{backend_name}: {index}, {rebuild(index)} objects")
