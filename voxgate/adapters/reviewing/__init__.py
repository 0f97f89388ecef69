"""The page on which a person hears clips that an import doubts, corrects and decides."""
