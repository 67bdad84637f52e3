"""模板.

Which of the system's templates the shop uses, and the shop's own: taken in from files or from the editor, in versions, retired, given out.

Must not know of orders beyond which template a seal was made from.
"""
