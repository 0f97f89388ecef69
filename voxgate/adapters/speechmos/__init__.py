"""DNSMOS, a predictor of how listeners mark speech, by the weights in the package `speechmos`.

In order: `dnsmos` finds the weights, checks them and marks waves.
"""
