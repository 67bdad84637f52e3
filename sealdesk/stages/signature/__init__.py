"""签名: the query information of a chip seal reviewed, signed with the maker's key, burned, read back and verified.

Must not know how the chip was burned before or how it is handed over.
"""
