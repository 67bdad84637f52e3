"""Papers: permit copies, delivery slips, job tickets and proof sheets as PDF, from frozen values that the caller fills in.

A paper is a function from one dataclass to bytes; the same values give the same bytes. Fonts are embedded, faces and QR codes are
vectors in true millimetres. Not here: reading the store, deciding what may be printed, printing. reportlab and fontTools are imported
inside functions only, because the window starts without them.
"""
