"""The vault: what is sealed before it leaves this PC, and with what. Pure functions of bytes and keys; nothing is sent
or kept here.
"""
