"""What an operator asks of the speech service from outside of it, one question a file.

`audit`: who had what said. The rules are in `voxgate.serving`.
"""
