"""生产: faces handed to the engraver, chips burned step by step, and seals marked made.

Must not know how an order was accepted or how a seal is handed over.
"""
