"""Office papers of a visit, a file each. They are composed from a dossier anywhere and drawn by the worker only."""
