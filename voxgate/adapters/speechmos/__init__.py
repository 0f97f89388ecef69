"""DNSMOS, a predictor of how listeners mark speech, by weights that a package carries.

In order: `dnsmos` finds the weights, checks them and marks waves.
"""
