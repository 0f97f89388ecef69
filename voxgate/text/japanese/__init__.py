"""Japanese: from written text to the phonemes that the public checkpoints were trained with."""
