"""What a command shows a person, built from what the checkout and the ledger say."""
