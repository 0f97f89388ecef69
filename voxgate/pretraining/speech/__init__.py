"""The speech: sentences, the teacher that reads them, the shards of its readings, and the pack."""
