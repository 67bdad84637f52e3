"""物流: hand-over with checked papers, the delivery record signed and burned, the slip.

Packing and shipping come later.

Must not know how a seal was made.
"""
