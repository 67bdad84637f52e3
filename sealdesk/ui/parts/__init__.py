"""The parts that workspaces are made of by hand: tables, forms, pickers, step lists, strips; none of them knows a stage.

A part takes frozen values in, sends signals out, asks nothing of the database and keeps every size and colour in `sealdesk.ui.theme`.
"""
