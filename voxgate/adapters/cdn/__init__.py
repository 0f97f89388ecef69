"""Networks of caches in front of stored speech: `none`, or the one of `cloudflare`."""
