"""The rules that turn written English into spoken English."""
