"""Implementations of the ports: one folder a foreign system.

Imports the whole domain and decides nothing. Only `voxgate.wiring` imports it. `assets` comes
first: several take their weights from there. `ge2e_network` keeps its place; it says why.
"""
