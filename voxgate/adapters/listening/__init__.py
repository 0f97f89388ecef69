"""The page on which a person hears two versions, blind."""
