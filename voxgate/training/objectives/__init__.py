"""What each network is trained towards: batches in, losses out."""
