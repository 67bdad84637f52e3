"""登记.

Units, handlers, seals, faces and proof documents, from the first keystroke of a draft to the submission, and what comes back returned.

Must not know of permits received (acceptance) or of devices.
"""
