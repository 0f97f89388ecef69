"""Where speech is stored: in a `folder` of this machine, or in a bucket by `s3`."""
